import { Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { timestampConverter, timestampConverterKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const at = new Date('2023-08-23T14:13:19.123Z');

describe('TimestampConverter', () => {
  it('keeps everything beside its field, and makes the new struct once per schema', async () => {
    const schema = Schema.struct(
      { at: Schema.timestamp.asOptional(), note: Schema.string },
      { name: 'Row', version: 3 },
    );
    const convert = await make(timestampConverter, { field: 'at', 'target.type': 'Date' });
    const first = convert(sourceRecord({ valueSchema: schema, value: schema.create({ at, note: 'x' }) }));
    const second = convert(sourceRecord({ valueSchema: schema, value: schema.create({ note: 'y' }) }));
    expect(first?.value).toEqual({ at: new Date('2023-08-23'), note: 'x' });
    expect(second?.value).toEqual({ at: null, note: 'y' });
    expect(second?.valueSchema).toBe(first?.valueSchema);
    expect(first?.valueSchema).toBe(
      Schema.struct({ at: Schema.date.asOptional(), note: Schema.string }, { name: 'Row', version: 3 }),
    );
  });

  it('converts the default of an optional struct too', async () => {
    const fields = Schema.struct({ at: Schema.int64 });
    const schema = fields.with({ optional: true, default: fields.create({ at: 0n }) });
    const convert = await make(timestampConverter, { field: 'at', 'target.type': 'Timestamp' });
    const record = convert(sourceRecord({ valueSchema: schema, value: null }));
    expect(record?.valueSchema).toMatchObject({ optional: true, defaultValue: { at: new Date(0) } });
    expect(record?.value).toBeNull();
  });

  it('rounds towards zero before 1970, and down to the day and the time', async () => {
    const before = new Date(-1);
    const of = async (config: Readonly<Record<string, string>>) =>
      (await make(timestampConverter, config))(sourceRecord({ valueSchema: Schema.timestamp, value: before }))?.value;
    expect(await of({ 'target.type': 'unix', 'unix.precision': 'seconds' })).toBe(0n);
    expect(await of({ 'target.type': 'Date' })).toEqual(new Date('1969-12-31'));
    expect(await of({ 'target.type': 'Time' })).toEqual(new Date(86_399_999));
  });

  it('lets nanoseconds end in 2262, as Java does', async () => {
    const convert = await make(timestampConverter, { 'target.type': 'unix', 'unix.precision': 'nanoseconds' });
    const end = convert(sourceRecord({ valueSchema: Schema.timestamp, value: new Date('9999-12-31') }));
    expect(end?.value).toBe(2n ** 63n - 1n);
  });

  it('refuses what no Date can hold, with the way to it', async () => {
    const convert = await make(timestampConverter, { field: 'at', 'target.type': 'Timestamp' });
    expect(() => convert(sourceRecord({ value: { at: 9_223_372_036_854_775_807n } }))).toThrow(
      expect.objectContaining({ kind: 'data', path: 'at', part: 'value', topic: 'orders' }),
    );
  });

  it('takes integers without schema as unix time, and gives numbers where they are safe', async () => {
    const convert = await make(timestampConverterKey, { 'target.type': 'unix', 'unix.precision': 'seconds' });
    expect(convert(sourceRecord({ key: 5 }))?.key).toBe(5);
    expect(convert(sourceRecord({ key: at }))?.key).toBe(1_692_799_999);
  });

  it.each([
    ['a text without a pattern', Schema.string, '2023'],
    ['a number with a fraction', Schema.float64, 1.5],
    ['a value that is not of its schema', Schema.timestamp, 'now'],
    ['an invalid Date', Schema.timestamp, new Date(Number.NaN)],
    ['an object without schema', null, {}],
  ])('refuses %s', async (_, valueSchema, value) => {
    const convert = await make(timestampConverter, { 'target.type': 'unix' });
    expect(() => convert(sourceRecord({ valueSchema, value }))).toThrow(expect.objectContaining({ kind: 'data' }));
  });

  it('names every problem of its configuration at once', async () => {
    const problems = await problemsOf(timestampConverter, { 'target.type': 'text', 'unix.precision': 'days' });
    expect(problems.map(([key]) => key)).toEqual(['target.type', 'unix.precision']);
    expect(await problemsOf(timestampConverter, { 'target.type': 'string' })).toEqual([
      ['format', expect.stringContaining('requires format')],
    ]);
    expect(await problemsOf(timestampConverter, { 'target.type': 'unix', format: 'yyyy-bb' })).toEqual([
      ['format', expect.stringContaining('yyyy-bb')],
    ]);
  });
});
