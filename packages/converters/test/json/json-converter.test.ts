import { type Converter, createByteWriter, DataError, Decimal, fromBytes, Schema, toBytes } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { createJsonConverter } from '../../src/index.ts';
import { everything, everythingOf, warmUp } from '../samples.ts';

const topic = 'orders';

function text(converter: Converter, schema: Schema | null, value: unknown): string | undefined {
  return toBytes(converter, topic, schema, value)?.toString();
}

function read(converter: Converter, json: string) {
  return fromBytes(converter, topic, Buffer.from(json));
}

/** The DataError of a call, as plain data. */
function refusal(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (!DataError.isInstance(error)) throw error;
    const { message, topic: where, part, path } = error;
    return { message, topic: where, part, path };
  }
  throw new Error('Nothing was refused.');
}

describe('a message with its schema', () => {
  it('comes back as it was, before and after its code was compiled', () => {
    const converter = createJsonConverter();
    for (let number = 0; number < 40; number++) {
      const struct = everythingOf(number);
      const bytes = toBytes(converter, topic, everything, struct);
      const back = fromBytes(converter, topic, bytes);
      expect(back.schema).toBe(everything);
      expect(back.value).toEqual(struct);
      expect(Object.keys(back.value as object)).toEqual(everything.fields.map(({ name }) => name));
    }
  });

  it('is the same text from compiled code as from plain code', () => {
    const warm = createJsonConverter();
    for (let number = 0; number < 40; number++) {
      const plain = text(createJsonConverter(), everything, everythingOf(number));
      expect(text(warm, everything, everythingOf(number))).toBe(plain);
    }
  });

  it('has the keys of the schema in the order in which Java writes them', () => {
    const schema = Schema.struct({
      a: Schema.int32.with({ name: 'n', version: 2, doc: 'd', parameters: { p: 'q' }, default: 5 }),
      m: Schema.map(Schema.string, Schema.float64).asOptional(),
    });
    expect(text(createJsonConverter(), schema, schema.create({ a: 1 }))).toBe(
      '{"schema":{"type":"struct","fields":[' +
        '{"type":"int32","optional":false,"name":"n","version":2,"doc":"d","parameters":{"p":"q"},"default":5,"field":"a"},' +
        '{"type":"map","keys":{"type":"string","optional":false},"values":{"type":"double","optional":false},"optional":true,"field":"m"}' +
        '],"optional":false},"payload":{"a":1,"m":null}}',
    );
  });

  it.each([
    [1, '1.0'],
    [1e10, '1.0E10'],
    [-0, '-0.0'],
    [1234.56, '1234.56'],
    [-0.001, '-0.001'],
    [999999.999, '999999.999'],
    [0.1 + 0.2, '0.30000000000000004'],
    [5e-324, '4.9E-324'],
    [Number.NaN, '"NaN"'],
    [Number.NEGATIVE_INFINITY, '"-Infinity"'],
  ])('writes the double %d as Java prints it: %s', (value, printed) => {
    const converter = createJsonConverter({ schemasEnable: false });
    const schema = Schema.struct({ d: Schema.float64 });
    for (let use = 0; use < warmUp; use++) {
      expect(text(converter, schema, { d: value })).toBe(`{"d":${printed}}`);
    }
  });

  it.each([
    0n,
    -1n,
    9n,
    10n,
    2_147_483_648n,
    999_999_999_999n,
    2n ** 53n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ])('keeps every digit of the int64 %d', (value) => {
    const converter = createJsonConverter();
    const schema = Schema.struct({ n: Schema.int64 });
    for (let use = 0; use < warmUp; use++) {
      const json = text(converter, schema, { n: value }) ?? '';
      expect(json).toContain(`"payload":{"n":${value}}`);
      expect(read(converter, json).value).toEqual({ n: value });
    }
  });

  it('writes decimals as numbers when asked to, and reads both forms exactly', () => {
    const value = new Decimal(-12_345_678_901_234_567_890_123n, 4);
    const schema = Schema.decimal(4);
    const numeric = createJsonConverter({ decimalFormat: 'NUMERIC' });
    expect(text(numeric, schema, value)).toContain('"payload":-1234567890123456789.0123}');
    for (const writer of [numeric, createJsonConverter()]) {
      const json = text(writer, schema, value) ?? '';
      for (const reader of [numeric, createJsonConverter()]) expect(read(reader, json).value).toEqual(value);
    }
  });

  it('puts the default in the place of null, or leaves null alone where told so', () => {
    const schema = Schema.struct({ a: Schema.int32.with({ default: 9, optional: true }) });
    const replacing = createJsonConverter({ schemasEnable: false });
    const keeping = createJsonConverter({ schemasEnable: false, replaceNullWithDefault: false });
    for (let use = 0; use < warmUp; use++) {
      expect(text(replacing, schema, schema.create({ a: null }))).toBe('{"a":9}');
      expect(text(keeping, schema, schema.create({ a: null }))).toBe('{"a":null}');
    }
    const json = text(createJsonConverter(), schema, { a: 1 })?.replace('{"a":1}', '{}') ?? '';
    expect(read(createJsonConverter(), json).value).toEqual({ a: 9 });
    expect(read(createJsonConverter({ replaceNullWithDefault: false }), json).value).toEqual({ a: null });
  });

  it('is read with blanks, in another order of fields, and with fields that nobody knows', () => {
    const converter = createJsonConverter();
    const schema =
      '{"type":"struct","fields":[{"field":"a","type":"int32"},{"field":"b","type":"string","optional":true}]}';
    for (let use = 0; use < warmUp; use++) {
      expect(read(converter, `{"schema":${schema},"payload":{"a":1,"b":"x"}}`).value).toEqual({ a: 1, b: 'x' });
      expect(read(converter, `{"schema": ${schema}, "payload": {"a": 1, "b": "x"}}`).value).toEqual({ a: 1, b: 'x' });
      expect(read(converter, ` {"payload":{"b":"x","new":[{}],"a":1},"schema":${schema}} `).value).toEqual({
        a: 1,
        b: 'x',
      });
      expect(read(converter, `{"schema":${schema},"payload":{"a":1}}`).value).toEqual({ a: 1, b: null });
      expect(read(converter, `{"schema":${schema},"payload":{"a":1,"a":2}}`).value).toEqual({ a: 2, b: null });
    }
  });

  it('has no schema where it says null', () => {
    const converter = createJsonConverter();
    expect(text(converter, null, { a: [1, 'x'] })).toBe('{"schema":null,"payload":{"a":[1,"x"]}}');
    for (let use = 0; use < warmUp; use++) {
      expect(read(converter, '{"schema":null,"payload":{"a":[1,"x"]}}')).toEqual({
        schema: null,
        value: { a: [1, 'x'] },
      });
      expect(() => read(converter, '{"schema":null,"payload":1,"extra":2}')).toThrow('exactly the fields');
    }
  });

  it('is null as a whole without schema and value, and only then', () => {
    const converter = createJsonConverter();
    expect(toBytes(converter, topic, null, null)).toBeNull();
    expect(fromBytes(converter, topic, null)).toEqual({ schema: null, value: null });
    expect(text(converter, Schema.string.asOptional(), null)).toBe(
      '{"schema":{"type":"string","optional":true},"payload":null}',
    );
  });

  it('can take its schema from the configuration', () => {
    const schemaContent = '{"type":"struct","fields":[{"field":"a","type":"int64"}]}';
    const converter = createJsonConverter({ schemaContent });
    for (let use = 0; use < warmUp; use++) {
      expect(read(converter, '{"a":5}')).toEqual({ schema: Schema.struct({ a: Schema.int64 }), value: { a: 5n } });
    }
    expect(() => createJsonConverter({ schemaContent: '{"type":"no"}' })).toThrow('unknown type "no"');
  });

  it('keeps schemas apart that differ in one letter', () => {
    const converter = createJsonConverter();
    const schemas = ['aa', 'ab', 'ba', 'bb', 'ca', 'cb'].map((name) => Schema.struct({ [name]: Schema.int32 }));
    for (let use = 0; use < 60; use++) {
      const schema = schemas[use % schemas.length] as Schema;
      const struct = { [schema.fields[0]?.name ?? '']: use };
      const { schema: found, value } = fromBytes(converter, topic, toBytes(converter, topic, schema, struct));
      expect(found).toBe(schema);
      expect(value).toEqual(struct);
    }
  });

  it('works with no cache at all', () => {
    const converter = createJsonConverter({ schemasCacheSize: 0 });
    for (let number = 0; number < warmUp; number++) {
      const back = fromBytes(converter, topic, toBytes(converter, topic, everything, everythingOf(number)));
      expect(back.value).toEqual(everythingOf(number));
    }
  });
});

describe('a message that was fetched together with others', () => {
  it('is read at its place, and nothing beyond it is', () => {
    const converter = createJsonConverter();
    const writer = createByteWriter(16);
    const ends: number[] = [];
    for (let number = 0; number < 20; number++) {
      converter.encode(topic, everything, everythingOf(number), writer, undefined);
      ends.push(writer.position);
    }
    const fetched = new Uint8Array(writer.buffer.subarray(0, writer.position));
    for (const [number, end] of ends.entries()) {
      const { value } = converter.decode(topic, fetched, ends[number - 1] ?? 0, end, undefined);
      expect(value).toEqual(everythingOf(number));
      expect(() => converter.decode(topic, fetched, ends[number - 1] ?? 0, end - 1, undefined)).toThrow(DataError);
    }
  });
});

describe('a value that cannot be written', () => {
  const person = Schema.struct({ name: Schema.string, address: Schema.struct({ lines: Schema.array(Schema.int32) }) });

  it('names topic, part and path, and leaves nothing behind', () => {
    const converter = createJsonConverter({ part: 'key' });
    const writer = createByteWriter();
    writer.position = 3;
    const wrong = { name: 'n', address: { lines: [1, 2, 'three'] } };
    for (let use = 0; use < warmUp; use++) {
      toBytes(converter, topic, person, { name: 'n', address: { lines: [1] } });
      expect(refusal(() => converter.encode(topic, person, wrong, writer, undefined))).toEqual({
        message:
          'Topic orders, key: Wrong value at address.lines[2]: schema type int32 takes an integer from -2147483648 to 2147483647, got the string "three".',
        topic: 'orders',
        part: 'key',
        path: 'address.lines[2]',
      });
      expect(writer.position).toBe(3);
    }
  });

  it.each([
    ['a missing field', { name: null, address: { lines: [] } }, 'Missing value at name'],
    ['a field that the schema does not have', { name: 'n', address: { lines: [] }, age: 1 }, 'Unknown field at age'],
    ['an array in the place of a struct', [], 'Wrong value: schema type struct takes a struct'],
  ])('is refused for %s', (_what, value, message) => {
    const converter = createJsonConverter();
    for (let use = 0; use < warmUp; use++) expect(() => text(converter, person, value)).toThrow(message);
  });

  it.each([
    [Schema.int8, 128],
    [Schema.int64, 2n ** 63n],
    [Schema.timestamp, new Date(Number.NaN)],
    [Schema.date, new Date(1)],
    [Schema.time, new Date(86_400_001)],
    [Schema.decimal(2), new Decimal(1n, 3)],
  ])('is refused when %s cannot hold %s', (schema, value) => {
    const converter = createJsonConverter();
    const struct = Schema.struct({ f: schema as Schema });
    for (let use = 0; use < warmUp; use++) expect(() => text(converter, struct, { f: value })).toThrow(DataError);
  });
});

describe('a message that cannot be read', () => {
  const schema = '{"type":"struct","fields":[{"field":"a","type":"struct","fields":[{"field":"b","type":"int8"}]}]}';

  it('names topic, part and path', () => {
    const converter = createJsonConverter();
    for (let use = 0; use < warmUp; use++) {
      read(converter, `{"schema":${schema},"payload":{"a":{"b":1}}}`);
      expect(refusal(() => read(converter, `{"schema":${schema},"payload":{"a":{"b":128}}}`))).toEqual({
        message:
          'Topic orders, value: Wrong value at a.b: schema type int8 takes an integer from -128 to 127, got the number 128.',
        topic: 'orders',
        part: 'value',
        path: 'a.b',
      });
    }
  });

  it.each([
    ['{"a":1}', 'exactly the fields "schema" and "payload"'],
    ['', 'exactly the fields'],
    ['{"schema":{"type":"int32"},"payload":1', 'Not valid JSON at character 39'],
    ['{"schema":{"type":"int32"},"payload":tru}', 'expected a value'],
    ['{"schema":{"type":"int33"},"payload":1}', 'unknown type "int33"'],
    ['{"schema":{"type":"struct"},"payload":1}', 'needs an array "fields"'],
    ['{"schema":{"type":"int32"},"payload":"1"}', 'got the string "1"'],
    [
      '{"schema":{"type":"int64","name":"org.apache.kafka.connect.data.Timestamp"},"payload":9000000000000000}',
      'out of range for a date',
    ],
    ['{"schema":{"type":"bytes"},"payload":"AQI"}', 'a base64 string'],
  ])('says what is wrong with %s', (json, message) => {
    expect(() => read(createJsonConverter(), json)).toThrow(message);
  });

  it('is refused for bytes that are no text instead of being changed', () => {
    const envelope = Buffer.from('{"schema":{"type":"string"},"payload":"x"}');
    envelope[envelope.indexOf('x')] = 0xff;
    const converter = createJsonConverter();
    for (let use = 0; use < warmUp; use++) {
      read(converter, '{"schema":{"type":"string"},"payload":"x"}');
      expect(() => fromBytes(converter, topic, envelope)).toThrow('the bytes are no UTF-8 text');
    }
  });

  it('is refused when it is nested too deep', () => {
    const deep = '['.repeat(100_000);
    expect(() => read(createJsonConverter(), deep)).toThrow('at most 1000 levels');
    expect(() => read(createJsonConverter(), `{"schema":${deep}`)).toThrow('at most 1000 levels');
  });
});

describe('a struct of more fields than one function has', () => {
  const types = [Schema.int64, Schema.string, Schema.float64.asOptional(), Schema.timestamp, Schema.boolean];

  it.each([63, 64, 65, 128, 500])('of %d fields comes back as it was', (count) => {
    const wide = Schema.struct(
      Array.from({ length: count }, (_, index): [string, Schema] => [`f${index}`, types[index % 5] as Schema]),
    );
    const converter = createJsonConverter();
    for (let use = 0; use < warmUp; use++) {
      const values = [BigInt(use), `text ${use}`, use % 2 === 0 ? null : use / 3, new Date(use), use % 3 === 0];
      const struct = wide.create(Object.fromEntries(wide.fields.map(({ name, index }) => [name, values[index % 5]])));
      const bytes = toBytes(converter, topic, wide, struct);
      expect(bytes).toEqual(toBytes(createJsonConverter(), topic, wide, struct));
      expect(fromBytes(converter, topic, bytes).value).toEqual(struct);
    }
  });
});
