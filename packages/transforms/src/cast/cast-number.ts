import type { Decimal } from '@millrace/api';
import {
  bigDecimalToDouble,
  bigDecimalToFloat,
  bigDecimalToLong,
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
  parseBoolean,
  parseJavaByte,
  parseJavaDouble,
  parseJavaFloat,
  parseJavaInt,
  parseJavaLong,
  parseJavaShort,
} from '@millrace/java';
import type { CastTarget } from './spec.ts';

/** The kinds of values that Java casts each in its own way. */
export type NumericSource = 'integer' | 'long' | 'floating' | 'decimal' | 'boolean' | 'text';

export type NumericTarget = Exclude<CastTarget, 'string'>;

/**
 * Java's cast from one kind of value to a type of numbers or to boolean: integers keep their low bits, floating point
 * numbers are cut towards zero and limited, texts are parsed.
 */
export function numericCast(source: NumericSource, target: NumericTarget): (value: never) => unknown {
  return casts[target][source];
}

type Casts = { readonly [S in NumericSource]: (value: never) => unknown };

const casts: { readonly [T in NumericTarget]: Casts } = {
  int8: {
    integer: intToByte,
    long: longToByte,
    floating: doubleToByte,
    decimal: (value: Decimal) => longToByte(bigDecimalToLong(value)),
    boolean: Number,
    text: parseJavaByte,
  },
  int16: {
    integer: intToShort,
    long: longToShort,
    floating: doubleToShort,
    decimal: (value: Decimal) => longToShort(bigDecimalToLong(value)),
    boolean: Number,
    text: parseJavaShort,
  },
  int32: {
    integer: (value: number) => value | 0,
    long: longToInt,
    floating: doubleToInt,
    decimal: (value: Decimal) => longToInt(bigDecimalToLong(value)),
    boolean: Number,
    text: parseJavaInt,
  },
  int64: {
    integer: BigInt,
    long: (value: bigint) => value,
    floating: doubleToLong,
    decimal: bigDecimalToLong,
    boolean: (value: boolean) => (value ? 1n : 0n),
    text: parseJavaLong,
  },
  float32: {
    integer: Math.fround,
    long: longToFloat,
    floating: Math.fround,
    decimal: bigDecimalToFloat,
    boolean: Number,
    text: parseJavaFloat,
  },
  float64: {
    integer: (value: number) => value,
    long: Number,
    floating: (value: number) => value,
    decimal: bigDecimalToDouble,
    boolean: Number,
    text: parseJavaDouble,
  },
  boolean: {
    integer: (value: number) => value !== 0,
    long: (value: bigint) => value !== 0n,
    // As Java does, by the integer part: 0.5 is false.
    floating: (value: number) => Math.abs(value) >= 1,
    decimal: (value: Decimal) => bigDecimalToLong(value) !== 0n,
    boolean: (value: boolean) => value,
    text: parseBoolean,
  },
};
