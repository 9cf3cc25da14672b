import { NumberFormatError } from '../errors.ts';
import { digitOf } from './digit.ts';

const longLimit = 2n ** 63n;

/** `Long.parseLong`: an optional sign and decimal digits of any script, nothing else; throws {@link NumberFormatError}. */
export function parseJavaLong(text: string): bigint {
  const small = parseDigits(text);
  if (Number.isSafeInteger(small)) {
    return BigInt(small);
  }
  const value = parseDigitsExactly(text);
  if (value >= longLimit || value < -longLimit) {
    throw notAnInteger(text);
  }
  return value;
}

/** `Integer.parseInt`. */
export function parseJavaInt(text: string): number {
  const value = parseDigits(text);
  if (value > 2147483647 || value < -2147483648) {
    throw notAnInteger(text);
  }
  return value;
}

/** `Short.parseShort`. */
export function parseJavaShort(text: string): number {
  const value = parseJavaInt(text);
  if (value > 32767 || value < -32768) {
    throw outOfRange(text);
  }
  return value;
}

/** `Byte.parseByte`. */
export function parseJavaByte(text: string): number {
  const value = parseJavaInt(text);
  if (value > 127 || value < -128) {
    throw outOfRange(text);
  }
  return value;
}

/** `Boolean.parseBoolean`: whether the text is "true" in any case. */
export function parseBoolean(text: string | null): boolean {
  return text !== null && text.length === 4 && text.toLowerCase() === 'true';
}

/** Sums up the digits; inexact beyond 2^53, which every caller tells by the size. */
function parseDigits(text: string): number {
  const first = text.charCodeAt(0);
  const signed = first === 0x2d || first === 0x2b;
  let value = 0;
  const { length } = text;
  if (length === (signed ? 1 : 0)) {
    throw notAnInteger(text);
  }
  for (let index = signed ? 1 : 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    const digit = unit >= 0x30 && unit <= 0x39 ? unit - 0x30 : digitOf(unit);
    if (digit < 0) {
      throw notAnInteger(text);
    }
    value = value * 10 + digit;
  }
  return first === 0x2d && value !== 0 ? -value : value;
}

function parseDigitsExactly(text: string): bigint {
  const first = text.charCodeAt(0);
  let digits = '';
  for (let index = first === 0x2d || first === 0x2b ? 1 : 0; index < text.length; index++) {
    digits += digitOf(text.charCodeAt(index));
  }
  const value = BigInt(digits);
  return first === 0x2d ? -value : value;
}

function notAnInteger(text: string): NumberFormatError {
  return new NumberFormatError(`For input string: "${text}"`);
}

function outOfRange(text: string): NumberFormatError {
  return new NumberFormatError(`Value out of range. Value:"${text}" Radix:10`);
}
