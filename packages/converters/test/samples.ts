import { Decimal, Schema, type Struct } from '@millrace/api';

/** Enough conversions for a converter to have compiled code for a schema. */
export const warmUp = 8;

/** A schema with every type in it, optional fields, defaults, and structs inside of structs. */
export const everything: Schema<Struct> = Schema.struct(
  [
    ['int8', Schema.int8],
    ['int16', Schema.int16.asOptional()],
    ['int32', Schema.int32.with({ default: 7 })],
    ['int64', Schema.int64],
    ['float32', Schema.float32],
    ['float64', Schema.float64.asOptional()],
    ['boolean', Schema.boolean],
    ['string', Schema.string],
    ['bytes', Schema.bytes],
    ['decimal', Schema.decimal(2)],
    ['date', Schema.date],
    ['time', Schema.time],
    ['timestamp', Schema.timestamp],
    ['strings', Schema.array(Schema.string.asOptional())],
    ['counts', Schema.map(Schema.string, Schema.int64)],
    ['byNumber', Schema.map(Schema.int32, Schema.string)],
    ['inner', Schema.struct({ x: Schema.int32, y: Schema.string.asOptional() }).asOptional()],
    ['__proto__', Schema.string.asOptional()],
    ['constructor', Schema.int32.asOptional()],
    ['with "quotes" é', Schema.boolean.asOptional()],
  ],
  { name: 'com.example.Everything', version: 3, doc: 'All of it.', parameters: { a: 'b' } },
);

export function everythingOf(number: number): Struct {
  const values: Record<string, unknown> = Object.create(null);
  Object.assign(values, {
    int8: (number % 256) - 128,
    int16: number % 3 === 0 ? null : number,
    int32: number * 1000,
    int64: 9_007_199_254_740_993n * BigInt(number),
    float32: Math.fround(number / 3),
    float64: number % 2 === 0 ? null : number * 1.1e10,
    boolean: number % 2 === 0,
    string: number % 4 === 0 ? `tab\t"quoted" \\ é 日本 😀 ${number}` : `plain text of record ${number}`,
    bytes: Buffer.from(`bytes ${number}`),
    decimal: new Decimal(BigInt(number) * 123_456_789_012_345_678_901n, 2),
    date: new Date(86_400_000 * number),
    time: new Date(number),
    timestamp: new Date(1_700_000_000_000 + number),
    strings: ['a', null, `item ${number}`],
    counts: new Map([
      ['one', 1n],
      ['größer', BigInt(number)],
    ]),
    byNumber: new Map([[number, 'text']]),
    inner: number % 5 === 0 ? null : { x: number, y: null },
    constructor: number,
    'with "quotes" é': true,
    ['__proto__']: 'a field like any other',
  });
  return everything.create(values as never);
}

/** A repeatable sequence of numbers from 0 to 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}
