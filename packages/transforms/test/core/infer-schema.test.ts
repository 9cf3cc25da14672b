import { DataError, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { inferSchema, inferValueSchema } from '../../src/core/infer-schema.ts';

describe('a schema made for values of JSON', () => {
  it('keeps every digit of integers that fit 64 bits', () => {
    const { schema, convert } = inferSchema([{ a: 1 }, { a: 9007199254740993n }]);
    expect(schema).toBe(Schema.struct({ a: Schema.int64.asOptional() }));
    expect(convert({ a: 9007199254740993n })).toEqual({ a: 9007199254740993n });
    expect(inferValueSchema([-(2n ** 63n), 2n ** 63n - 1n]).schema).toBe(
      Schema.array(Schema.int64.asOptional()).asOptional(),
    );
  });

  it('keeps integers of any size as texts where texts stand beside them', () => {
    const values = ['x', 2n ** 70n];
    expect(inferValueSchema(values).convert(values)).toEqual(['x', '1180591620717411303424']);
  });

  it.each([
    ['an empty name', { '': 1, a: 2 }, 'doc'],
    ['an empty name further in', { a: [{ '': 1 }] }, 'doc.a[]'],
    ['large integers beside fractions', { a: [1.5, 9007199254740993n] }, 'doc.a[]'],
    ['large integers before fractions', [{ a: -9007199254740993n }, { a: 0.5 }], 'doc[].a'],
    ['integers beyond 64 bits', { a: 2n ** 63n }, 'doc.a'],
    ['negative integers beyond 64 bits', { a: -(2n ** 63n) - 1n }, 'doc.a'],
    ['numbers beyond the doubles', { a: Number.POSITIVE_INFINITY }, 'doc.a'],
  ])('is refused with the path: %s', (_, value, path) => {
    expect(() => inferValueSchema(value, 'doc')).toThrow(DataError);
    expect(() => inferValueSchema(value, 'doc')).toThrow(expect.objectContaining({ path }));
  });

  it.each([
    ['an empty name', [{ a: 1 }, { '': 1 }], 'empty name'],
    ['columns of large integers and fractions', [{ a: 1.5 }, { a: 9007199254740993n }], 'at a '],
    ['columns of integers beyond 64 bits', [{ a: 2n ** 64n }], 'at a '],
  ])('is refused for rows: %s', (_, rows, message) => {
    expect(() => inferSchema(rows)).toThrow(DataError);
    expect(() => inferSchema(rows)).toThrow(message);
  });
});
