import { Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { timezoneConverter, timezoneConverterKey } from '../../src/plugin.ts';
import { zoneOf } from '../../src/timezone-converter/zone.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

async function text(value: string, config: Readonly<Record<string, string>>): Promise<unknown> {
  const convert = await make(timezoneConverter, { fields: 'at', ...config });
  const record = convert(sourceRecord({ value: { at: value } }));
  return (record?.value as { at: unknown } | undefined)?.at;
}

async function moment(value: Date, config: Readonly<Record<string, string>>): Promise<unknown> {
  const valueSchema = Schema.struct({ at: Schema.timestamp });
  const convert = await make(timezoneConverter, { fields: 'at', ...config });
  const record = convert(sourceRecord({ valueSchema, value: valueSchema.create({ at: value }) }));
  expect(record?.valueSchema).toBe(
    config['timestamps'] === 'text' ? Schema.struct({ at: Schema.string }) : valueSchema,
  );
  return (record?.value as { at: unknown } | undefined)?.at;
}

describe('texts', () => {
  it.each([
    ['2024-01-15T12:00:00Z', 'Europe/Berlin', '2024-01-15T13:00:00+01:00'],
    ['2024-07-15T12:00:00.123456789Z', 'Europe/Berlin', '2024-07-15T14:00:00.123456789+02:00'],
    ['2024-07-15 12:00:00.5+02:00', 'Asia/Kolkata', '2024-07-15 15:30:00.5+05:30'],
    ['2024-12-31T20:00:00-0500', 'Asia/Tokyo', '2025-01-01T10:00:00+09:00'],
    ['2024-07-15T12:00Z', 'UTC', '2024-07-15T12:00:00Z'],
    ['2024-07-15T12:00:00Z', '-03:30', '2024-07-15T08:30:00-03:30'],
  ])('%s in %s is %s', async (before, timezone, after) => {
    expect(await text(before, { timezone })).toBe(after);
  });

  it('without a zone have the one that is given for them', async () => {
    const config = { timezone: 'UTC', 'text.timezone': 'America/New_York' };
    expect(await text('2024-07-15 12:00:00', config)).toBe('2024-07-15 16:00:00Z');
    expect(await text('2024-07-15 12:00:00', { timezone: 'UTC' })).toBe('2024-07-15 12:00:00Z');
  });

  it.each([
    'yesterday',
    '2024-02-30T25:00:00Z',
    '2024-02-31T00:00:00Z',
    '2024-02-01T24:00:00Z',
    '2024-02-01T00:00:00+99:99',
    '2024-02-01T00:00:00+18:01',
    '2024-07-15',
    '',
  ])('%s is refused with its path', async (before) => {
    await expect(text(before, { timezone: 'UTC' })).rejects.toMatchObject({ kind: 'data', path: 'at', part: 'value' });
  });
});

describe('years that ISO 8601 cannot write with four digits', () => {
  it.each([
    ['9999-12-31T23:59:59Z', 'Europe/Berlin'],
    ['0000-01-01T00:00:00Z', '-05:00'],
  ])('are refused: %s in %s', async (before, timezone) => {
    const refusal = { kind: 'data', path: 'at', part: 'value' };
    await expect(text(before, { timezone })).rejects.toMatchObject(refusal);
    await expect(moment(new Date(before), { timezone, timestamps: 'text' })).rejects.toMatchObject(refusal);
    expect(await text(before, { timezone: 'UTC' })).toBe(before);
  });
});

describe('Timestamps', () => {
  const at = new Date('2018-06-20T15:13:16.945Z');

  it('are local times of the zone, and become the instants that these are', async () => {
    expect(await moment(at, { timezone: 'Pacific/Easter' })).toEqual(new Date('2018-06-20T21:13:16.945Z'));
  });

  it('become the local time of the zone, as if it were UTC', async () => {
    expect(await moment(at, { timezone: 'Pacific/Easter', timestamps: 'local' })).toEqual(
      new Date('2018-06-20T09:13:16.945Z'),
    );
  });

  it('become texts', async () => {
    expect(await moment(at, { timezone: 'Pacific/Easter', timestamps: 'text' })).toBe('2018-06-20T09:13:16.945-06:00');
  });

  it('of Debezium are changed in their own unit', async () => {
    const micro = Schema.int64.with({ name: 'io.debezium.time.MicroTimestamp', version: 1 });
    const nano = Schema.int64.with({ name: 'io.debezium.time.NanoTimestamp', version: 1 });
    const valueSchema = Schema.struct({ inner: Schema.struct({ micro, nano: nano.asOptional() }) });
    const value = valueSchema.create({ inner: { micro: 1_529_507_596_945_104n, nano: -1n } });
    const fields = 'inner.micro,inner.nano';
    const change = async (timestamps: string) =>
      (await make(timezoneConverter, { fields, timezone: 'Pacific/Easter', timestamps }))(
        sourceRecord({ valueSchema, value }),
      )?.value;
    expect(await change('instant')).toEqual({
      inner: { micro: 1_529_529_196_945_104n, nano: 6n * 3_600_000_000_000n - 1n },
    });
    expect(await change('text')).toEqual({
      inner: { micro: '2018-06-20T09:13:16.945104-06:00', nano: '1969-12-31T17:59:59.999999999-06:00' },
    });
  });

  it('may be null, and without schema', async () => {
    const convert = await make(timezoneConverterKey, { fields: 'a.b,a.c,d', timezone: '+01:00', timestamps: 'local' });
    const key = { a: { b: new Date(0), c: null }, x: 1 };
    expect(convert(sourceRecord({ key }))?.key).toEqual({ a: { b: new Date(3_600_000), c: null }, x: 1 });
  });
});

describe('TimezoneConverter', () => {
  it.each([
    ['a number', Schema.int32, 1],
    ['an int64 that says no unit', Schema.int64, 1n],
    ['a Date', Schema.date, new Date(0)],
  ])('refuses %s', async (_, schema, value) => {
    const convert = await make(timezoneConverter, { fields: 'at', timezone: 'UTC' });
    const valueSchema: Schema = Schema.struct([['at', schema]]);
    expect(() => convert(sourceRecord({ valueSchema, value: { at: value } }))).toThrow(
      expect.objectContaining({ kind: 'data', path: 'at' }),
    );
    expect(() => convert(sourceRecord({ value: { at: 1 } }))).toThrow(expect.objectContaining({ path: 'at' }));
  });

  it('names every problem of its configuration at once', async () => {
    const raw = { timezone: 'Mars/Olympus', 'text.timezone': '+5', timestamps: 'x' };
    expect((await problemsOf(timezoneConverter, raw)).map(([key]) => key)).toEqual([
      'fields',
      'fields',
      'timezone',
      'text.timezone',
      'timestamps',
    ]);
  });
});

describe('a zone where clocks are put forward and back', () => {
  const hour = 3_600_000;
  const berlin = zoneOf('Europe/Berlin');

  it.each([
    ['before the hour that is left out', '2024-03-31T01:59:59Z', 1],
    ['in the hour that is left out', '2024-03-31T02:30:00Z', 1],
    ['after it', '2024-03-31T03:00:00Z', 2],
    ['before the hour that comes twice', '2024-10-27T01:59:59Z', 2],
    ['in the hour that comes twice', '2024-10-27T02:30:00Z', 2],
    ['after it', '2024-10-27T03:00:00Z', 1],
  ])('%s', (_, local, hours) => {
    expect(berlin.offsetAtLocal(Date.parse(local))).toBe(hours * hour);
  });
});
