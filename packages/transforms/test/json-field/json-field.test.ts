import { Decimal, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { jsonField, jsonFieldKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const row = Schema.struct({ id: Schema.int64, doc: Schema.struct({ json: Schema.string.asOptional() }) });
const rowOf = (json: string | null) => sourceRecord({ valueSchema: row, value: row.create({ id: 1n, doc: { json } }) });

describe('parsing', () => {
  it('makes the schema for the text that is there', async () => {
    const apply = await make(jsonField, { fields: 'doc.json', operation: 'parse' });
    const record = apply(rowOf('{"n":1234567890123456789,"f":1.5,"list":[{"a":1},{"b":"x"}],"none":null}'));
    expect(record?.value).toEqual({
      id: 1n,
      doc: {
        json: {
          n: 1234567890123456789n,
          f: 1.5,
          list: [
            { a: 1n, b: null },
            { a: null, b: 'x' },
          ],
          none: null,
        },
      },
    });
    expect(record?.valueSchema?.field('doc')?.schema.field('json')?.schema.optional).toBe(true);
    expect(apply(rowOf(null))).toMatchObject({ value: { doc: { json: null } }, valueSchema: row });
    expect(apply(rowOf('[]'))?.value).toEqual({ id: 1n, doc: { json: [] } });
  });

  it('makes values of the schema that is given', async () => {
    const schema = JSON.stringify({
      type: 'struct',
      name: 'Doc',
      fields: [
        { field: 'i', type: 'int64' },
        { field: 'd', type: 'double', optional: true },
        { field: 'at', type: 'int64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 },
        { field: 'price', type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', parameters: { scale: '2' } },
        { field: 'raw', type: 'bytes' },
        { field: 'tags', type: 'map', keys: { type: 'string' }, values: { type: 'array', items: { type: 'int32' } } },
      ],
    });
    const apply = await make(jsonField, { fields: 'doc.json', operation: 'parse', schema });
    const json = '{"i":7,"at":"2024-01-02T03:04:05Z","price":1.5,"raw":"AQI=","tags":{"x":[1]},"unknown":1}';
    const record = apply(rowOf(json));
    expect(record?.value).toEqual({
      id: 1n,
      doc: {
        json: {
          i: 7n,
          d: null,
          at: new Date('2024-01-02T03:04:05Z'),
          price: new Decimal(150n, 2),
          raw: Buffer.from([1, 2]),
          tags: new Map([['x', [1]]]),
        },
      },
    });
    record?.valueSchema?.validate(record.value);
    expect(apply(rowOf(null))?.valueSchema).toBe(record?.valueSchema);
  });

  it.each([
    ['{"i":"x"}', 'doc.json.i'],
    ['{}', 'doc.json.i'],
    ['[]', 'doc.json'],
    ['{"i":1.5}', 'doc.json.i'],
    ['{"i":99999999999}', 'doc.json.i'],
    ['{', 'doc.json'],
  ])('refuses %s with the path to what is wrong', async (json, path) => {
    const schema = '{"type":"struct","fields":[{"field":"i","type":"int32"}]}';
    const apply = await make(jsonField, { fields: 'doc.json', operation: 'parse', schema });
    expect(() => apply(rowOf(json))).toThrow(expect.objectContaining({ kind: 'data', path, part: 'value' }));
  });

  it.each([
    ['{"":1,"a":2}', 'doc.json'],
    ['{"a":[1.5,9007199254740993]}', 'doc.json.a[]'],
    ['{"a":12345678901234567890}', 'doc.json.a'],
  ])('refuses %s, for which there is no schema that loses nothing', async (json, path) => {
    const apply = await make(jsonField, { fields: 'doc.json', operation: 'parse' });
    expect(() => apply(rowOf(json))).toThrow(expect.objectContaining({ kind: 'data', path, part: 'value' }));
  });

  it('works without schemas, and leaves alone what is not there', async () => {
    const apply = await make(jsonFieldKey, { fields: 'a.b,c,d', operation: 'parse' });
    const key = { a: { b: '{"__proto__":1}' }, c: null };
    const parsed = apply(sourceRecord({ key }))?.key as typeof key;
    expect(Object.entries(parsed.a.b as unknown as object)).toEqual([['__proto__', 1]]);
    expect(Object.keys(parsed)).toEqual(['a', 'c']);
    expect(() => apply(sourceRecord({ key: { c: 5 } }))).toThrow(expect.objectContaining({ path: 'c', part: 'key' }));
  });
});

describe('printing', () => {
  it('keeps every digit and every kind of value', async () => {
    const inner = Schema.struct({
      big: Schema.int64,
      price: Schema.decimal(2),
      at: Schema.timestamp,
      day: Schema.date,
      time: Schema.time,
      raw: Schema.bytes,
      map: Schema.map(Schema.string, Schema.int32),
      pairs: Schema.map(Schema.int32, Schema.string),
      nan: Schema.float64,
      none: Schema.string.asOptional(),
    });
    const schema = Schema.struct({ inner, other: inner.asOptional() });
    const value = schema.create({
      inner: inner.create({
        big: 2n ** 60n,
        price: new Decimal(150n, 2),
        at: new Date('2024-01-02T03:04:05.678Z'),
        day: new Date('2024-01-02'),
        time: new Date(3_723_004),
        raw: Buffer.from([1, 2]),
        map: new Map([['x', 1]]),
        pairs: new Map([[1, 'x']]),
        nan: Number.NaN,
      }),
    });
    const record = (await make(jsonField, { fields: 'inner,other', operation: 'print' }))(
      sourceRecord({ valueSchema: schema, value }),
    );
    expect(record?.value).toEqual({
      inner:
        '{"big":1152921504606846976,"price":1.50,"at":"2024-01-02T03:04:05.678Z","day":"2024-01-02",' +
        '"time":"01:02:03.004","raw":"AQI=","map":{"x":1},"pairs":[[1,"x"]],"nan":"NaN","none":null}',
      other: null,
    });
    expect(record?.valueSchema).toBe(Schema.struct({ inner: Schema.string, other: Schema.string.asOptional() }));
  });

  it('prints texts as JSON texts', async () => {
    const apply = await make(jsonField, { fields: 'a', operation: 'print' });
    expect(apply(sourceRecord({ value: { a: 'x"', b: 1 } }))?.value).toEqual({ a: '"x\\""', b: 1 });
  });
});

describe('the configuration of JsonField', () => {
  it.each([
    ['{"type":"strct"}', 'schema.type is "strct", which is no type.'],
    ['{"type":"array"}', 'schema.items must be an object'],
    ['{"type":"struct","fields":[{"type":"int8"}]}', 'schema.fields[0].field must be the name'],
    ['{', 'Invalid value {'],
  ])('refuses the schema %s', async (schema, message) => {
    expect(await problemsOf(jsonField, { fields: 'a', operation: 'parse', schema })).toEqual([
      ['schema', expect.stringContaining(message)],
    ]);
  });

  it('names every problem at once', async () => {
    expect((await problemsOf(jsonField, {})).map(([key]) => key)).toContain('operation');
    const raw = { fields: '`a', operation: 'print', schema: '{"type":"int8"}' };
    expect((await problemsOf(jsonField, raw)).map(([key]) => key)).toEqual(['fields', 'schema']);
  });
});
