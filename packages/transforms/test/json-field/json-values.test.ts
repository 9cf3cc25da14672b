import { DataError, Decimal, parseJson, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { fromJson } from '../../src/json-field/json-values.ts';

describe('a value of JSON as a value of a schema', () => {
  it.each([
    [Schema.decimal(2), '1234567890123.25', new Decimal(123456789012325n, 2)],
    [Schema.decimal(0), '12345678901234567890123', new Decimal(12345678901234567890123n, 0)],
    [Schema.decimal(3), '"12345678901234567890.125"', new Decimal(12345678901234567890125n, 3)],
    [Schema.float64, '18014398509481984', 2 ** 54],
    [Schema.float32, '0.1', Math.fround(0.1)],
    [Schema.int64, '9007199254740993', 9007199254740993n],
    [Schema.int64, '1e18', 10n ** 18n],
    [Schema.bytes, '"AQ=="', Buffer.from([1])],
    [Schema.bytes, '""', Buffer.alloc(0)],
    [Schema.timestamp, '1500', new Date(1500)],
  ])('%s: %s', (schema, json, value) => {
    expect(fromJson(schema, parseJson(json), 'a')).toEqual(value);
  });

  it.each([
    [Schema.decimal(18), '0.1234567890123456789'],
    [Schema.decimal(2), '12345678901234567.25'],
    [Schema.decimal(0), '1e999'],
    [Schema.float64, '1e999'],
    [Schema.float64, '9007199254740993'],
    [Schema.float64, `1${'0'.repeat(400)}`],
    [Schema.float32, '1e39'],
    [Schema.int64, '9007199254740993.0'],
    [Schema.bytes, '"AQ="'],
    [Schema.bytes, '"A-I="'],
    [Schema.bytes, '"AQ==AQ=="'],
    [Schema.timestamp, '1.5'],
    [Schema.date, '1.5'],
    [Schema.time, '1.5'],
  ])('%s: not %s', (schema, json) => {
    expect(() => fromJson(schema, parseJson(json), 'a')).toThrow(DataError);
    expect(() => fromJson(schema, parseJson(json), 'a')).toThrow(expect.objectContaining({ path: 'a' }));
  });

  it('asks for a text where a number cannot hold the digits of a Decimal', () => {
    expect(() => fromJson(Schema.decimal(18), parseJson('0.1234567890123456789'), 'a')).toThrow('as a text');
  });
});
