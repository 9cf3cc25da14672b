import { DataError, Decimal, fits, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';

const nested = Schema.struct({
  id: Schema.int32,
  address: Schema.struct({ lines: Schema.array(Schema.string) }).asOptional(),
  size: Schema.int16.with({ default: 5 }),
  attributes: Schema.map(Schema.string, Schema.float64.asOptional()).asOptional(),
});

describe('validate accepts', () => {
  it.each<[Schema, unknown]>([
    [Schema.int8, -128],
    [Schema.int16, 32767],
    [Schema.int32, -2147483648],
    [Schema.int64, -(2n ** 63n)],
    [Schema.float32, 1.1],
    [Schema.float64, Number.NaN],
    [Schema.boolean, false],
    [Schema.string, ''],
    [Schema.bytes, new Uint8Array()],
    [Schema.decimal(2), Decimal.parse('1.5')],
    [Schema.date, new Date(1000)],
    [Schema.time, new Date(86_400_000)],
    [Schema.timestamp, new Date(-1)],
    [Schema.int8.asOptional(), null],
    [Schema.array(Schema.int8), []],
    [Schema.from({ type: 'array' }), [1, 'a', null]],
    [Schema.map(Schema.int8, Schema.int8), new Map([[1, 2]])],
    [nested, { id: 1, address: { lines: ['a'] }, size: null, attributes: new Map([['k', null]]) }],
  ])('%s: %o', (schema, value) => {
    expect(schema.validate(value)).toBeUndefined();
  });
});

describe('validate refuses', () => {
  it.each<[Schema, unknown]>([
    [Schema.int8, 128],
    [Schema.int8, 1.5],
    [Schema.int8, 1n],
    [Schema.int32, Number.NaN],
    [Schema.int32, 2 ** 31],
    [Schema.int64, 1],
    [Schema.int64, 2n ** 63n],
    [Schema.float64, '1'],
    [Schema.boolean, 0],
    [Schema.string, Buffer.from('a')],
    [Schema.bytes, 'a'],
    [Schema.decimal(0), 1n],
    [Schema.timestamp, 5n],
    [Schema.timestamp, new Date(Number.NaN)],
    [Schema.int8, null],
    [Schema.int8.with({ default: 1 }), null],
    [Schema.int8, undefined],
    [Schema.array(Schema.int8), new Map()],
    [Schema.map(Schema.string, Schema.int8), { a: 1 }],
    [Schema.struct({}), []],
    [Schema.struct({}), new Map()],
    [Schema.struct({}), new Date(0)],
  ])('%s: %o', (schema, value) => {
    expect(() => schema.validate(value)).toThrow(DataError);
    expect(value !== null && value !== undefined && fits(schema.representation, value)).toBe(false);
  });

  it.each([
    [
      { id: 'x' },
      'id',
      'Wrong value at id: schema type int32 takes an integer from -2147483648 to 2147483647, got the string "x".',
    ],
    [{ address: { lines: [] }, id: null }, 'id', 'Missing value at id: schema type int32 is required.'],
    [
      { id: 1, address: { lines: ['a', 7] } },
      'address.lines[1]',
      'Wrong value at address.lines[1]: schema type string takes a string, got the number 7.',
    ],
    [
      { id: 1, attributes: new Map([['k', 'v']]) },
      'attributes{k}',
      'Wrong value at attributes{k}: schema type float64 takes a number, got the string "v".',
    ],
    [{ id: 1, other: 1 }, 'other', 'Schema{STRUCT} has no field "other".'],
  ])('and says where: %o', (value, path, message) => {
    expect(() => nested.validate(value)).toThrow(expect.objectContaining({ path, message }));
  });

  it('a struct without a field that looks inherited', () => {
    expect(() => Schema.struct({ constructor: Schema.string }).validate({})).toThrow('Missing value at constructor');
  });
});
