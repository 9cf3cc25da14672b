import { type Converter, createByteWriter, Schema, type SchemaAndValue, type Struct } from '@millrace/api';
import { createJsonConverter, createStringConverter } from '@millrace/converters';
import { type Pair, pair } from '../pair.ts';

const topic = 'bench';
/** A power of two, so that a piece of work is found with a mask. */
const count = 1024;
const mask = count - 1;

/** A record in both forms: as a struct, and as the numbers and strings that a plain program would have. */
interface Sample {
  readonly schema: Schema;
  readonly struct: Struct;
  readonly plain: Readonly<Record<string, unknown>>;
}

export function converterPairs(): readonly Pair[] {
  const six = samples(sixFields(), 1);
  const thirty = samples(thirtyFields(), 2);
  const other = samples(Schema.struct([...fieldsOf(sixFields()), ['note', Schema.string]]), 3);
  const alternating = six.map((sample, index) => (index % 2 === 0 ? sample : (other[index] as Sample)));
  return [
    ...withSchemas('6 fields', six),
    ...withSchemas('30 fields', thirty),
    ...withSchemas('2 schemas in turn', alternating),
    ...withoutSchemas('6 fields', six),
    ...withoutSchemas('30 fields', thirty),
    ...strings(),
  ];
}

function sixFields(): Schema {
  return Schema.struct({
    id: Schema.int64,
    count: Schema.int32,
    name: Schema.string,
    price: Schema.float64,
    active: Schema.boolean,
    at: Schema.timestamp,
  });
}

function thirtyFields(): Schema {
  const fields = Array.from({ length: 5 }, (_, group) =>
    fieldsOf(sixFields()).map(([name, schema]) => [`${name}${group}`, schema] as const),
  );
  return Schema.struct(fields.flat());
}

function fieldsOf(schema: Schema): (readonly [string, Schema])[] {
  return schema.fields.map((field) => [field.name, field.schema] as const);
}

function withSchemas(name: string, records: readonly Sample[]): readonly Pair[] {
  const converter = createJsonConverter();
  return [
    pair(
      `json with schemas, ${name}, encode`,
      encoding(converter, records, ({ schema, struct }) => [schema, struct]),
      stringifying(records),
      { goal: 0.7 },
    ),
    pair(
      `json with schemas, ${name}, decode`,
      decoding(converter, records, ({ schema, struct }) => [schema, struct]),
      parsing(records),
      { goal: 0.7 },
    ),
  ];
}

function withoutSchemas(name: string, records: readonly Sample[]): readonly Pair[] {
  const converter = createJsonConverter({ schemasEnable: false });
  return [
    pair(
      `json without schemas, ${name}, encode`,
      encoding(converter, records, ({ plain }) => [null, plain]),
      stringifying(records),
      { goal: 0.8 },
    ),
    pair(
      `json without schemas, ${name}, decode`,
      decoding(converter, records, ({ plain }) => [null, plain]),
      parsing(records),
      { goal: 0.8 },
    ),
  ];
}

function strings(): readonly Pair[] {
  const texts = Array.from({ length: count }, (_, index) => `line ${index} `.padEnd(100, 'abcdefghij'));
  const converter = createStringConverter();
  const writer = createByteWriter(1 << 17);
  const target = Buffer.alloc(1 << 17);
  const joined = Buffer.from(texts.join(''));
  return [
    pair(
      'string of 100, encode',
      (index) => {
        writer.position = (index & mask) * 100;
        return converter.encode(topic, Schema.string, texts[index & mask], writer, undefined);
      },
      (index) => target.write(texts[index & mask] as string, (index & mask) * 100),
      { goal: 0.8 },
    ),
    pair(
      'string of 100, decode',
      (index) => {
        const start = (index & mask) * 100;
        return converter.decode(topic, joined, start, start + 100, undefined).value;
      },
      (index) => {
        const start = (index & mask) * 100;
        return joined.toString('utf8', start, start + 100);
      },
      { goal: 0.8 },
    ),
  ];
}

type Parts = (sample: Sample) => readonly [Schema | null, unknown];

function encoding(converter: Converter, records: readonly Sample[], partsOf: Parts): (index: number) => number {
  const schemas = records.map((record) => partsOf(record)[0]);
  const values = records.map((record) => partsOf(record)[1]);
  const writer = createByteWriter(1 << 20);
  return (index) => {
    const which = index & mask;
    if (which === 0) writer.position = 0;
    converter.encode(topic, schemas[which] as Schema | null, values[which], writer, undefined);
    return writer.position;
  };
}

function decoding(converter: Converter, records: readonly Sample[], partsOf: Parts): (index: number) => unknown {
  const writer = createByteWriter(1 << 20);
  const ends = records.map((record) => {
    converter.encode(topic, ...partsOf(record), writer, undefined);
    return writer.position;
  });
  const fetched = writer.buffer.subarray(0, writer.position);
  return (index) => {
    const which = index & mask;
    const start = which === 0 ? 0 : (ends[which - 1] as number);
    const decoded: SchemaAndValue = converter.decode(topic, fetched, start, ends[which] as number, undefined);
    return decoded.value;
  };
}

function stringifying(records: readonly Sample[]): (index: number) => Buffer {
  const values = records.map(({ plain }) => plain);
  return (index) => Buffer.from(JSON.stringify(values[index & mask]));
}

/** Reads the payload out of the bytes of a batch, as a plain program must. */
function parsing(records: readonly Sample[]): (index: number) => unknown {
  const texts = records.map(({ plain }) => JSON.stringify(plain));
  const fetched = Buffer.from(texts.join(''));
  let end = 0;
  const ends = texts.map((text) => {
    end += text.length;
    return end;
  });
  return (index) => {
    const which = index & mask;
    const start = which === 0 ? 0 : (ends[which - 1] as number);
    return JSON.parse(fetched.toString('utf8', start, ends[which]));
  };
}

function samples(schema: Schema, seed: number): readonly Sample[] {
  const next = generator(seed);
  return Array.from({ length: count }, () => {
    const values = schema.fields.map((field) => sampleValue(field.schema, next));
    const struct = (schema as Schema<Struct>).create(
      Object.fromEntries(schema.fields.map(({ name }, index) => [name, values[index]])) as never,
    );
    const plain = Object.fromEntries(schema.fields.map(({ name }, index) => [name, plainValue(values[index])]));
    return { schema, struct, plain: JSON.parse(JSON.stringify(plain)) };
  });
}

function sampleValue(schema: Schema, next: () => number): unknown {
  switch (schema.representation) {
    case 'int64':
      return BigInt(Math.floor(next() * 1e12));
    case 'int32':
      return Math.floor(next() * 1e6);
    case 'string':
      return Array.from({ length: 20 }, () => String.fromCharCode(97 + Math.floor(next() * 26))).join('');
    case 'float64':
      return Math.round(next() * 1e6) / 100;
    case 'boolean':
      return next() < 0.5;
    default:
      return new Date(1_700_000_000_000 + Math.floor(next() * 1e10));
  }
}

function plainValue(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value instanceof Date ? value.getTime() : value;
}

/** A repeatable sequence of numbers from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}
