import { describe, expect, it } from 'vitest';
import {
  bigIntegerToLong,
  doubleToByte,
  doubleToInt,
  doubleToLong,
  doubleToShort,
  intToByte,
  intToShort,
  longToByte,
  longToFloat,
  longToInt,
  longToShort,
} from '../../src/index.ts';
import { differences, doubleFromBits, floatToBits, readVectors } from '../vectors.ts';

type Row = ['double', bits: string, long: string, ...rest: number[]] | ['long', value: string, ...rest: unknown[]];

describe('narrowing casts', () => {
  const rows = readVectors<Row>('narrow');

  it('cut, limit and wrap doubles as Java does', () => {
    expect(
      differences(
        rows.filter((row) => row[0] === 'double'),
        (row) => {
          const value = doubleFromBits(row[1]);
          return [doubleToLong(value).toString(), doubleToInt(value), doubleToShort(value), doubleToByte(value)];
        },
        (row) => row.slice(2),
      ),
    ).toEqual([]);
  });

  it('wrap longs and round them once to floats as Java does', () => {
    expect(
      differences(
        rows.filter((row) => row[0] === 'long'),
        (row) => {
          const value = BigInt(row[1]);
          return [longToInt(value), longToShort(value), longToByte(value), floatToBits(longToFloat(value))];
        },
        (row) => row.slice(2),
      ),
    ).toEqual([]);
  });

  it('keep the low bits of ints and of big integers', () => {
    expect([intToByte(200), intToByte(-129), intToShort(40000), intToShort(-32769)]).toEqual([-56, 127, -25536, 32767]);
    expect(bigIntegerToLong(2n ** 64n + 5n)).toBe(5n);
    expect(bigIntegerToLong(2n ** 63n)).toBe(-(2n ** 63n));
  });
});
