import { digitOf } from '../numbers/digit.ts';

export interface ParsedNumber {
  /** Limited or wrapped to an INT32, as `Number.intValue` does. */
  readonly value: number;
  readonly end: number;
}

const longLimit = 2n ** 63n;

/**
 * Reads an integer as the number format of a date format does: an optional minus, decimal digits of any script, and
 * even an exponent. Undefined where no digit is found before `limit`.
 */
export function parseDateNumber(text: string, start: number, limit: number): ParsedNumber | undefined {
  if (text.startsWith('NaN', start) && start + 3 <= limit) {
    return { value: 0, end: start + 3 };
  }
  const negative = text[start] === '-' && start < limit;
  const firstDigit = negative ? start + 1 : start;
  let end = firstDigit;
  let value = 0;
  while (end < limit && digitOf(text.charCodeAt(end)) >= 0) {
    value = value * 10 + digitOf(text.charCodeAt(end));
    end++;
  }
  if (end === firstDigit) {
    return undefined;
  }
  const exponent = text[end] === 'E' ? parseDateNumber(text, end + 1, limit) : undefined;
  if (exponent !== undefined) {
    const scaled = value === 0 ? 0 : value * 10 ** exponent.value;
    return { value: toInt(negative ? -scaled : scaled), end: exponent.end };
  }
  if (value <= 2147483647) {
    return { value: negative ? -value : value, end };
  }
  return { value: wrapOrLimit(text.slice(firstDigit, end), negative), end };
}

function toInt(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER) {
    return Number(BigInt.asIntN(32, BigInt(value)));
  }
  return Math.max(-2147483648, Math.min(2147483647, Math.trunc(value)));
}

/** What fits INT64 keeps its low 32 bits; what does not is a double to Java, and limited. */
function wrapOrLimit(digits: string, negative: boolean): number {
  const ascii = Array.from(digits, (digit) => digitOf(digit.charCodeAt(0))).join('');
  const value = negative ? -BigInt(ascii) : BigInt(ascii);
  if (value < longLimit && value >= -longLimit) {
    return Number(BigInt.asIntN(32, value));
  }
  return negative ? -2147483648 : 2147483647;
}
