import { DataError, Decimal } from '@millrace/api';
import { describe, expect, it } from 'vitest';

/** Two's complement by arithmetic alone, as a second opinion. */
function shortestTwosComplement(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && bytes[0]! < 0x80) || (rest === -1n && bytes[0]! >= 0x80)));
  return bytes;
}

const edges = [7n, 8n, 15n, 16n, 31n, 63n, 64n, 127n, 128n, 511n, 2000n].flatMap((bits) => [
  2n ** bits - 1n,
  2n ** bits,
  2n ** bits + 1n,
]);
const integers = [0n, 1n, ...edges, 10n ** 400n].flatMap((value) => [value, -value]);

describe('the bytes of a decimal', () => {
  it("are the shortest two's complement, and read back the same", () => {
    const bytes = integers.map((value) => new Decimal(value, 3).toBytes());
    expect(bytes.map((one) => [...one])).toEqual(integers.map(shortestTwosComplement));
    expect(bytes.map((one) => Decimal.fromBytes(one, 3).unscaled)).toEqual(integers);
  });

  it.each([
    [0n, [0x00]],
    [-1n, [0xff]],
    [-128n, [0x80]],
    [127n, [0x7f]],
    [128n, [0x00, 0x80]],
    [-129n, [0xff, 0x7f]],
    [2n ** 63n, [0, 0x80, 0, 0, 0, 0, 0, 0, 0]],
    [-(2n ** 63n), [0x80, 0, 0, 0, 0, 0, 0, 0]],
  ])('of %s are %j', (value, bytes) => {
    expect([...new Decimal(value, 0).toBytes()]).toEqual(bytes);
  });

  it('may be longer than needed, and a view into others', () => {
    const view = new Uint8Array([9, 0xff, 0xff, 0x85, 9]).subarray(1, 4);
    expect(Decimal.fromBytes(view, 1)).toEqual(new Decimal(-123n, 1));
  });

  it('are at least one', () => {
    expect(() => Decimal.fromBytes(new Uint8Array(), 0)).toThrow(DataError);
  });
});

describe('the text of a decimal', () => {
  it.each([
    ['0', 0n, 0],
    ['-1.50', -150n, 2],
    ['0.000001', 1n, 6],
    ['1E-7', 1n, 7],
    ['1.23E-8', 123n, 10],
    ['1E+3', 1n, -3],
    ['1.2E+4', 12n, -3],
    ['0E+2', 0n, -2],
    ['0.00', 0n, 2],
    ['0E-8', 0n, 8],
  ])('%s is read and written with its scale', (text, unscaled, scale) => {
    expect(Decimal.parse(text)).toEqual(new Decimal(unscaled, scale));
    expect(new Decimal(unscaled, scale).toString()).toBe(text);
    expect(JSON.stringify(new Decimal(unscaled, scale))).toBe(JSON.stringify(text));
  });

  it.each([
    ['+1', '1'],
    ['01', '1'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['1e3', '1E+3'],
    ['-0', '0'],
    ['1e-400', '1E-400'],
  ])('%s is read as %s', (text, canonical) => {
    expect(Decimal.parse(text).toString()).toBe(canonical);
  });

  it.each(['', ' 1', '1 ', '-', '.', '1e', '1e1.5', '0x10', 'NaN', 'Infinity', '1_000', '--1', '1e99999999999'])(
    '%j is refused',
    (text) => {
      expect(() => Decimal.parse(text)).toThrow(DataError);
    },
  );

  it('can do without an exponent, up to a limit', () => {
    expect(Decimal.parse('-1.2E+5').toPlainString()).toBe('-120000');
    expect(Decimal.parse('12E-9').toPlainString()).toBe('0.000000012');
    expect(Decimal.parse('0E+7').toPlainString()).toBe('0');
    expect(() => Decimal.parse('1E+2000000000').toPlainString()).toThrow(DataError);
    expect(() => Decimal.parse('1E-2000000000').toPlainString()).toThrow(DataError);
  });
});

describe('a decimal of a number', () => {
  it.each([
    [1, 10n, 1],
    [-0.005, -5n, 3],
    [1e10, 10n, -9],
    [1.7976931348623157e308, 17976931348623157n, -292],
    [5e-324, 49n, 325],
    [-0, 0n, 1],
  ])('has the digits that are printed for %s', (number, unscaled, scale) => {
    expect(Decimal.fromNumber(number)).toEqual(new Decimal(unscaled, scale));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is there only for finite numbers, not for %s', (number) => {
    expect(() => Decimal.fromNumber(number)).toThrow(DataError);
  });
});

it('equals another only with the same scale', () => {
  expect(Decimal.parse('1.50').equals(Decimal.parse('1.50'))).toBe(true);
  expect(Decimal.parse('1.50').equals(Decimal.parse('1.5'))).toBe(false);
});
