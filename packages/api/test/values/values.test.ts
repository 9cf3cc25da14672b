import { DataError, Decimal, Schema, Values } from '@millrace/api';
import { describe, expect, it } from 'vitest';

const time = (text: string): Date => new Date(text);

describe('integers', () => {
  it('are cut off behind the point', () => {
    expect(Values.convertToByte(null, -1.9)).toBe(-1);
    expect(Values.convertToLong(Schema.decimal(2), Decimal.parse('12.99'))).toBe(12n);
    expect(Values.convertToInteger(Schema.string, '1E+3')).toBe(1000);
  });

  it.each([
    ['convertToByte', 128],
    ['convertToByte', -129n],
    ['convertToShort', '32768'],
    ['convertToInteger', 2 ** 31],
    ['convertToLong', 2n ** 63n],
    ['convertToLong', Number.NaN],
    ['convertToLong', Number.POSITIVE_INFINITY],
    ['convertToLong', Decimal.parse('1E+2000000000')],
  ] as const)('are refused by %s when they do not fit: %s', (operation, value) => {
    expect(() => Values[operation](null, value)).toThrow(/must be between/);
  });

  it('reach both ends of their range', () => {
    expect(Values.convertToByte(null, -128)).toBe(-128);
    expect(Values.convertToInteger(null, 2147483647n)).toBe(2147483647);
    expect(Values.convertToLong(null, '9223372036854775807')).toBe(2n ** 63n - 1n);
    expect(Values.convertToLong(null, -(2n ** 63n))).toBe(-(2n ** 63n));
  });

  it('stand for the days of a Date and the milliseconds of the others', () => {
    expect(Values.convertToInteger(Schema.date, time('1970-02-01T00:00:00Z'))).toBe(31);
    expect(Values.convertToInteger(Schema.time, new Date(5))).toBe(5);
    expect(Values.convertToLong(Schema.timestamp, new Date(-5))).toBe(-5n);
    expect(() => Values.convertToLong(Schema.date, new Date(5))).toThrow(/midnight/);
    expect(() => Values.convertToLong(null, new Date(5))).toThrow(DataError);
  });

  it('say what could not be converted', () => {
    expect(() => Values.convertToByte(Schema.string, 'abc')).toThrow(
      'Cannot convert the string "abc" of Schema{STRING} to an INT8.',
    );
  });
});

describe('floats', () => {
  it('are rounded once, from bigints and decimals too', () => {
    expect(Values.convertToFloat(null, 9007199791611905n)).toBe(9007200328482816);
    expect(Values.convertToFloat(null, Decimal.parse('1.00000005960464477539062500001'))).toBe(1.0000001192092896);
    expect(Values.convertToDouble(null, 2n ** 64n)).toBe(2 ** 64);
  });
});

describe('booleans', () => {
  it.each([
    ['true', true],
    [' false ', false],
    ['0', false],
    [0.5, false],
    [Number.NaN, false],
    [2n ** 64n, true],
    [Decimal.parse('0.9'), false],
    [Decimal.parse('1E+100'), true],
  ])('of %s are %s', (value, boolean) => {
    expect(Values.convertToBoolean(null, value)).toBe(boolean);
  });
});

describe('decimals', () => {
  it('stay exact beyond 2^53', () => {
    expect(Values.convertToDecimal(null, 9007199254740993n, 0)).toEqual(new Decimal(9007199254740993n, 0));
    expect(Values.convertToDecimal(null, 5n, 0)).toEqual(new Decimal(50n, 1));
  });

  it('come from bytes with the scale that was asked for', () => {
    expect(Values.convertToDecimal(Schema.bytes, Buffer.from([0x85]), 2)).toEqual(new Decimal(-123n, 2));
  });
});

describe('dates', () => {
  it('lose the time of day, as in Java towards 1970', () => {
    expect(Values.convertToDate(Schema.timestamp, time('1972-01-02T03:04:05Z'))).toEqual(time('1972-01-02T00:00:00Z'));
    expect(Values.convertToDate(Schema.timestamp, new Date(-1))).toEqual(new Date(0));
  });

  it('keep only the time of day', () => {
    expect(Values.convertToTime(Schema.timestamp, time('1972-01-02T03:04:05Z'))).toEqual(time('1970-01-01T03:04:05Z'));
    expect(Values.convertToTime(Schema.timestamp, new Date(-1))).toEqual(new Date(86_399_999));
  });

  it('are counted', () => {
    expect(Values.convertToDate(null, 1)).toEqual(time('1970-01-02T00:00:00Z'));
    expect(Values.convertToTimestamp(Schema.date, time('1970-01-02T00:00:00Z'))).toEqual(time('1970-01-02T00:00:00Z'));
    expect(Values.convertToTimestamp(null, '1000')).toEqual(new Date(1000));
  });

  it.each(['convertToDate', 'convertToTime', 'convertToTimestamp'] as const)('are never invalid: %s', (operation) => {
    expect(() => Values[operation](null, 10n ** 17n)).toThrow(DataError);
    expect(() => Values[operation](Schema.timestamp, new Date(Number.NaN))).toThrow(DataError);
    expect(() => Values[operation](null, null)).toThrow(DataError);
  });
});

describe('texts', () => {
  it.each<[Schema | null, unknown, string]>([
    [Schema.float64, 1e10, '1.0E10'],
    [Schema.float32, Math.fround(1.1), '1.1'],
    [null, 5, '5'],
    [null, 1.5, '1.5'],
    [null, 1e21, '1.0E21'],
    [null, -0, '-0.0'],
    [Schema.int64, 2n ** 60n, '1152921504606846976'],
    [Schema.bytes, Buffer.from('xyz'), 'eHl6'],
    [Schema.date, time('2023-08-23T00:00:00Z'), '2023-08-23'],
    [Schema.time, new Date(1), '00:00:00.001Z'],
    [Schema.timestamp, time('2023-08-23T14:13:19.123Z'), '2023-08-23T14:13:19.123Z'],
    [null, time('1969-12-31T23:59:59.999Z'), '1969-12-31T23:59:59.999Z'],
    [null, [1, 'a"b\\', null, [true]], '[1,"a\\"b\\\\",null,[true]]'],
    [null, { a: Buffer.from('xyz'), b: { c: 1 } }, '{"a":"eHl6","b":{"c":1}}'],
    [Schema.map(Schema.float64, Schema.float32), new Map([[1, 2]]), '{1.0:2.0}'],
    [
      Schema.struct({ a: Schema.int32.with({ default: 7 }), b: Schema.string.asOptional() }),
      { a: null, b: null },
      '{"a":7,"b":null}',
    ],
  ])('of %s %o', (schema, value, text) => {
    expect(Values.convertToString(schema, value)).toBe(text);
  });
});

describe('lists and maps', () => {
  it('are taken as they are, or read', () => {
    const list = [1];
    expect(Values.convertToList(null, list)).toBe(list);
    expect(Values.convertToList(Schema.string, '[1,300]')).toEqual([1, 300]);
    expect(Values.convertToMap(null, { a: 1 })).toEqual(new Map([['a', 1]]));
    expect(Values.convertToMap(null, '{"a":1}')).toEqual(new Map([['a', 1]]));
  });

  it.each([null, 1, '1', {}, new Date(0)])('are not made of %s with a schema', (value) => {
    expect(() => Values.convertToMap(Schema.struct({}), value)).toThrow(DataError);
    expect(() => Values.convertToList(Schema.struct({}), value)).toThrow(DataError);
  });
});
