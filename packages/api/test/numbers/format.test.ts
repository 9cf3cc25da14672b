import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatDouble, formatFloat } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { roundToFloat } from '../../src/numbers/round-to-float.ts';

/** Recorded from Java 17: the bits in hexadecimal, and the text. */
type Row = readonly [bits: string, text: string];

const view = new DataView(new ArrayBuffer(8));

function read(name: string): readonly Row[] {
  const path = fileURLToPath(import.meta.resolve(`../vectors/${name}.json`));
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Row[];
}

function doubleOf(bits: string): number {
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

function floatOf(bits: string): number {
  view.setUint32(0, Number.parseInt(bits, 16));
  return view.getFloat32(0);
}

describe('formatDouble', () => {
  it('prints as Java 17 does, but for digits that Java 17 prints without need', () => {
    const wrong = read('double-to-string').filter(([bits, java]) => {
      const value = doubleOf(bits);
      const ours = formatDouble(value);
      return !Object.is(Number(ours), value) || (ours !== java && !isBetter(ours, java, value, Number));
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [1e7, '1.0E7'],
    [9999999, '9999999.0'],
    [-0.001, '-0.001'],
    [0.00099, '9.9E-4'],
    [1e23, '1.0E23'],
    [5e-324, '4.9E-324'],
    [123456.789, '123456.789'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('prints %s as %s', (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });
});

describe('formatFloat', () => {
  it('prints as Java 17 does, but for digits that Java 17 prints without need', () => {
    const wrong = read('float-to-string').filter(([bits, java]) => {
      const value = floatOf(bits);
      const ours = formatFloat(value);
      return (
        !Object.is(Math.fround(Number(ours)), value) || (ours !== java && !isBetter(ours, java, value, roundToFloat))
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    [0.1, '0.1'],
    [16777217, '1.6777216E7'],
    [1e300, 'Infinity'],
    [1.4e-45, '1.4E-45'],
    [-1.1, '-1.1'],
  ])('rounds %s to a float first, %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });
});

describe('roundToFloat', () => {
  it('rounds once where rounding to a double first would go astray', () => {
    const middle = '1.00000005960464477539062500001';
    expect(Math.fround(Number(middle))).toBe(1);
    expect(roundToFloat(middle)).toBe(1.0000001192092896);
    expect(roundToFloat(`-${middle}`)).toBe(-1.0000001192092896);
    expect(roundToFloat('9007199791611905')).toBe(9007200328482816);
    expect(Math.fround(Number('9007199791611905'))).toBe(9007199254740992);
  });

  it.each([
    ['3.4028236E38', Number.POSITIVE_INFINITY],
    ['340282356779733661637539395458142568448', Number.POSITIVE_INFINITY],
    ['340282356779733661637539395458142568447', 3.4028234663852886e38],
    ['1e-46', 0],
    ['-0', -0],
  ])('takes %s for %s', (text, float) => {
    expect(roundToFloat(text)).toBe(float);
  });
});

/** Shorter, or with as many digits nearer to the number; two digits stand in any case. */
function isBetter(ours: string, java: string, value: number, parse: (text: string) => number): boolean {
  if (parse(java) !== value) return false;
  const [ourDigits, javaDigits] = [significant(ours), significant(java)];
  const isNearer = distance(ours, value) < distance(java, value);
  return (ourDigits < javaDigits && ourDigits >= 1) || (ourDigits <= Math.max(javaDigits, 2) && isNearer);
}

function significant(text: string): number {
  return text.replace(/E.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;
}

/** A double has no more that matter here. */
const exactDigits = 100;

/** Distance to the exact value, in units far below its last bit. */
function distance(text: string, value: number): bigint {
  const difference = exact(value.toPrecision(exactDigits)) - exact(text.replace('E', 'e'));
  return difference < 0n ? -difference : difference;
}

function exact(text: string): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(text) ?? [];
  const shift = Number(exponent) - fraction.length + 500;
  return BigInt(whole + fraction) * 10n ** BigInt(Math.max(shift, 0));
}
