import { describe, expect, it } from 'vitest';
import { javaDoubleToString, javaFloatToString } from '../../src/index.ts';
import { doubleFromBits, floatFromBits, readVectors } from '../vectors.ts';

type Row = [bits: string, text: string];

describe('javaDoubleToString', () => {
  it('prints as Java 17 does, but for digits that Java 17 prints without need', () => {
    const wrong = readVectors<Row>('double-to-string').filter(([bits, text]) => {
      const value = doubleFromBits(bits);
      const printed = javaDoubleToString(value);
      return printed !== text && !isNeedlesslyLong(text, printed, value, Number);
    });
    expect(wrong).toEqual([]);
  });

  it('gives back the same number when read', () => {
    const wrong = readVectors<Row>('double-to-string').filter(([bits]) => {
      const value = doubleFromBits(bits);
      return !Object.is(Number(javaDoubleToString(value)), value);
    });
    expect(wrong).toEqual([]);
  });

  it('has the layout of Java', () => {
    expect([1, -0, 1e7, 9999999, 0.001, 0.00099, 1e23, 5e-324, 2e-3].map(javaDoubleToString)).toEqual([
      '1.0',
      '-0.0',
      '1.0E7',
      '9999999.0',
      '0.001',
      '9.9E-4',
      '1.0E23',
      '4.9E-324',
      '0.002',
    ]);
  });
});

describe('javaFloatToString', () => {
  it('prints as Java 17 does, but for digits that Java 17 prints without need', () => {
    const wrong = readVectors<Row>('float-to-string').filter(([bits, text]) => {
      const value = floatFromBits(bits);
      const printed = javaFloatToString(value);
      return printed !== text && !isNeedlesslyLong(text, printed, value, (digits) => Math.fround(Number(digits)));
    });
    expect(wrong).toEqual([]);
  });

  it('rounds a number that is no float', () => {
    expect(javaFloatToString(0.1)).toBe('0.1');
    expect(javaFloatToString(16777217)).toBe('1.6777216E7');
    expect(javaFloatToString(1e300)).toBe('Infinity');
  });
});

/**
 * Before version 19 Java printed some numbers with more digits than needed (2.0E-3 as 0.0020, 2.0E23 as
 * 1.9999999999999998E23), with as many digits but not the nearest ones, or with one digit where the second one would
 * have been nearer (1.0E-323, now 9.9E-324).
 */
function isNeedlesslyLong(java: string, printed: string, value: number, read: (text: string) => number): boolean {
  if (read(printed) !== value || read(java) !== value) {
    return false;
  }
  const [javaDigits, ourDigits] = [significantDigits(java), significantDigits(printed)];
  if (ourDigits === 2 && javaDigits === 1) {
    return distance(printed, value) < distance(java, value);
  }
  return ourDigits < javaDigits || (ourDigits === javaDigits && distance(printed, value) < distance(java, value));
}

function significantDigits(text: string): number {
  return text.replace(/E.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;
}

const manyDigits = 100;

/** Distance to the exact value, in units far below its last bit. */
function distance(text: string, value: number): bigint {
  const exact = exactUnits(value.toPrecision(manyDigits));
  const printed = exactUnits(text.replace('E', 'e'));
  return exact > printed ? exact - printed : printed - exact;
}

function exactUnits(text: string): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(text)!;
  const shift = Number(exponent) - fraction.length + 500;
  return BigInt(whole + fraction) * 10n ** BigInt(Math.max(shift, 0));
}
