import { DataError, Decimal, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { valueOfText } from '../../src/core/value-of-text.ts';

describe('a text as a value', () => {
  it.each([
    [Schema.string, ' a ', ' a '],
    [Schema.boolean, 'TRUE', true],
    [Schema.int8, '-128', -128],
    [Schema.int64, '+9223372036854775807', 2n ** 63n - 1n],
    [Schema.float64, '-1.5e3', -1500],
    [Schema.float32, '0.1', Math.fround(0.1)],
    [Schema.decimal(2), '1.5', new Decimal(150n, 2)],
    [Schema.decimal(0), '7.00', new Decimal(7n, 0)],
    [Schema.date, '2020-02-29', new Date('2020-02-29T00:00:00Z')],
    [Schema.time, '01:02:03', new Date(3_723_000)],
    [Schema.timestamp, '2020-01-02 03:04', new Date('2020-01-02T03:04:00Z')],
    [Schema.float64, '9007199254740992', 2 ** 53],
    [Schema.timestamp, '2024-02-29T23:00+18:00', new Date('2024-02-29T05:00:00Z')],
    [Schema.timestamp, '2020-01-02T03:04:05.678+0200', new Date('2020-01-02T01:04:05.678Z')],
  ])('%s: %s', (schema, text, value) => {
    expect(valueOfText(text, schema)).toEqual(value);
  });

  it.each([
    [Schema.boolean, 'yes'],
    [Schema.int8, '128'],
    [Schema.int32, '1.0'],
    [Schema.int32, ''],
    [Schema.int64, '9223372036854775808'],
    [Schema.float64, '0x10'],
    [Schema.decimal(1), '1.25'],
    [Schema.date, '2020-13-01'],
    [Schema.timestamp, '2020-01-02'],
    [Schema.timestamp, '2020-01-02T25:00'],
    [Schema.date, '2024-02-31'],
    [Schema.date, '2023-02-29'],
    [Schema.time, '24:00'],
    [Schema.timestamp, '2024-02-31T00:00Z'],
    [Schema.timestamp, '2024-02-01T24:00:00Z'],
    [Schema.timestamp, '2024-02-01T00:00:00+99:99'],
    [Schema.timestamp, '2024-02-01T00:00:00-18:01'],
    [Schema.timestamp, '2024-02-01T00:00:00+0160'],
    [Schema.float64, '1e999'],
    [Schema.float32, '1e39'],
    [Schema.float64, '9007199254740993'],
    [Schema.array(Schema.string), '[]'],
  ])('%s: not %s', (schema, text) => {
    expect(() => valueOfText(text, schema)).toThrow(DataError);
  });
});
