import { javaTrim, roundToFloat } from '@millrace/api';
import { NumberFormatError } from '../errors.ts';

const decimalForm = /^([+-]?)(?:(NaN|Infinity)|((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?)$/;
const hexForm = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)[fFdD]?$/;

/**
 * `Double.parseDouble`: leading and trailing blanks and control characters are ignored, `NaN` and `Infinity`, the
 * suffixes of Java literals (`1d`, `1f`) and hexadecimal floats (`0x1.8p3`) are known.
 */
export function parseJavaDouble(text: string): number {
  const trimmed = javaTrim(text);
  const decimal = decimalForm.exec(trimmed);
  if (decimal !== null) {
    const magnitude = Number(decimal[2] ?? decimal[3]);
    return decimal[1] === '-' && decimal[2] !== 'NaN' ? -magnitude : magnitude;
  }
  return parseHex(text, trimmed, 53, -1074, 1023);
}

/** `Float.parseFloat`: as {@link parseJavaDouble}, rounded once and directly to a float. */
export function parseJavaFloat(text: string): number {
  const trimmed = javaTrim(text);
  const decimal = decimalForm.exec(trimmed);
  if (decimal !== null) {
    const magnitude = decimal[2] === undefined ? roundToFloat(decimal[3]!) : Number(decimal[2]);
    return decimal[1] === '-' && decimal[2] !== 'NaN' ? -magnitude : magnitude;
  }
  return parseHex(text, trimmed, 24, -149, 127);
}

function parseHex(text: string, trimmed: string, precision: number, lowest: number, highest: number): number {
  const match = hexForm.exec(trimmed);
  const fraction = match?.[3] ?? '';
  if (match === null || (match[2] === '' && fraction === '')) {
    throw notANumber(text, trimmed);
  }
  const digits = `${match[2]}${fraction}`;
  const sign = match[1] === '-' ? -1 : 1;
  const zero = match[1] === '-' ? -0 : 0;
  const significand = BigInt(`0x${digits}`);
  if (significand === 0n) {
    return zero;
  }
  const bits = significand.toString(2).length;
  const exponent = Number(match[4]) - 4 * fraction.length;
  if (exponent + bits - 1 > highest) {
    return sign * Number.POSITIVE_INFINITY;
  }
  if (exponent + bits < lowest) {
    return zero;
  }
  const unit = Math.max(exponent + bits - precision, lowest);
  const rounded = unit <= exponent ? significand : roundHalfEven(significand, BigInt(unit - exponent));
  const magnitude = scale(Number(rounded), Math.max(unit, exponent));
  return sign * (magnitude >= 2 ** highest * 2 ? Number.POSITIVE_INFINITY : magnitude);
}

function notANumber(text: string, trimmed: string): NumberFormatError {
  if (trimmed === '') {
    return new NumberFormatError('empty String');
  }
  const hasTwoPoints = /^[+-]?[0-9]*\.[0-9]*\./.test(trimmed);
  return new NumberFormatError(hasTwoPoints ? 'multiple points' : `For input string: "${text}"`);
}

function roundHalfEven(value: bigint, shift: bigint): bigint {
  const quotient = value >> shift;
  const rest = value - (quotient << shift);
  const half = 1n << (shift - 1n);
  return rest > half || (rest === half && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** Multiplies by a power of two in steps that stay inside of the range of a double. */
function scale(value: number, exponent: number): number {
  let result = value;
  let left = exponent;
  while (left < -1000) {
    result *= 2 ** -1000;
    left += 1000;
  }
  return result * 2 ** left;
}
