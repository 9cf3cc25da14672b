import { ArithmeticError, NumberFormatError } from '../errors.ts';
import { digitOf } from './digit.ts';
import { javaDoubleToString } from './float-to-string.ts';
import { parseJavaFloat } from './parse-floating-point.ts';

/** `unscaled` × 10^-`scale`, with `scale` in the range of INT32. */
export interface BigDecimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

export type RoundingMode = 'UP' | 'DOWN' | 'CEILING' | 'FLOOR' | 'HALF_UP' | 'HALF_DOWN' | 'HALF_EVEN' | 'UNNECESSARY';

/** `new BigDecimal(text)`: keeps the scale as written (`1.50` has scale 2, `1E+3` scale -3); no blanks allowed. */
export function parseBigDecimal(text: string): BigDecimal {
  const sign = text.charCodeAt(0);
  const start = sign === 0x2d || sign === 0x2b ? 1 : 0;
  let digits = '';
  let scale = 0;
  let point = -1;
  for (let index = start; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const digit = digitOf(unit);
    if (digit >= 0) {
      digits += digit;
      scale += point < 0 ? 0 : 1;
    } else if (unit === 0x2e) {
      if (point >= 0) {
        throw new NumberFormatError('Character array contains more than one decimal point.');
      }
      point = index;
    } else if (unit === 0x65 || unit === 0x45) {
      scale -= parseExponent(text, index + 1);
      break;
    } else {
      throw unexpectedCharacter(text, start, index);
    }
  }
  if (digits === '') {
    throw new NumberFormatError(text === '' ? 'Index 0 out of bounds for length 0' : 'No digits found.');
  }
  if (scale !== (scale | 0)) {
    throw new NumberFormatError('Scale out of range.');
  }
  const unscaled = BigInt(digits);
  return { unscaled: sign === 0x2d ? -unscaled : unscaled, scale };
}

/** `BigDecimal.valueOf(double)`: the decimal that {@link javaDoubleToString} prints; throws for NaN and infinities. */
export function bigDecimalFromDouble(value: number): BigDecimal {
  return parseBigDecimal(javaDoubleToString(value));
}

/** `BigDecimal.toString`: scientific form for a negative scale and for values that begin below 1e-6. */
export function bigDecimalToString(value: BigDecimal): string {
  const { scale } = value;
  if (scale === 0) {
    return value.unscaled.toString();
  }
  const digits = digitsOf(value.unscaled);
  const exponent = digits.length - 1 - scale;
  if (scale > 0 && exponent >= -6) {
    return signOf(value.unscaled) + withPoint(digits, scale);
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const power = exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`;
  return `${signOf(value.unscaled)}${digits[0]}${fraction}${power}`;
}

/** `BigDecimal.toPlainString`: never an exponent. */
export function bigDecimalToPlainString(value: BigDecimal): string {
  const { unscaled, scale } = value;
  if (scale === 0 || (scale < 0 && unscaled === 0n)) {
    return unscaled.toString();
  }
  if (scale < 0) {
    return unscaled.toString() + '0'.repeat(-scale);
  }
  return signOf(unscaled) + withPoint(digitsOf(unscaled), scale);
}

/** `BigDecimal.setScale`: throws {@link ArithmeticError} where `UNNECESSARY` (the default) would have to round. */
export function bigDecimalSetScale(
  value: BigDecimal,
  scale: number,
  rounding: RoundingMode = 'UNNECESSARY',
): BigDecimal {
  if (scale === value.scale) {
    return value;
  }
  if (value.unscaled === 0n) {
    return { unscaled: 0n, scale };
  }
  if (scale > value.scale) {
    return { unscaled: value.unscaled * 10n ** BigInt(scale - value.scale), scale };
  }
  const excess = value.scale - scale;
  if (excess > digitsOf(value.unscaled).length + 1) {
    // Far below one unit of the result: any smaller fraction rounds alike, without the huge power of ten.
    return { unscaled: divide(value.unscaled < 0n ? -1n : 1n, 100n, rounding), scale };
  }
  return { unscaled: divide(value.unscaled, 10n ** BigInt(excess), rounding), scale };
}

/** `BigDecimal.toBigInteger`: cut towards zero. */
export function bigDecimalToBigInteger(value: BigDecimal): bigint {
  return bigDecimalSetScale(value, 0, 'DOWN').unscaled;
}

/** `BigDecimal.longValue`: cut towards zero, then the low 64 bits. Cheap for any exponent. */
export function bigDecimalToLong(value: BigDecimal): bigint {
  // 10^64 and beyond are multiples of 2^64.
  return value.scale <= -64 ? 0n : BigInt.asIntN(64, bigDecimalToBigInteger(value));
}

/** `BigDecimal.longValueExact`, with `undefined` for a value that is fractional or outside of INT64. */
export function bigDecimalToLongExact(value: BigDecimal): bigint | undefined {
  const { unscaled, scale } = value;
  if (unscaled === 0n) {
    return 0n;
  }
  const length = digitsOf(unscaled).length;
  if (length - scale > 19 || length - scale <= 0) {
    return undefined;
  }
  const integer = bigDecimalToBigInteger(value);
  const exact = scale <= 0 || integer * 10n ** BigInt(scale) === unscaled;
  return exact && BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

/** `BigDecimal.doubleValue`. */
export function bigDecimalToDouble(value: BigDecimal): number {
  return Number(bigDecimalToString(value));
}

/** `BigDecimal.floatValue`. */
export function bigDecimalToFloat(value: BigDecimal): number {
  return parseJavaFloat(bigDecimalToString(value));
}

function parseExponent(text: string, start: number): number {
  const sign = text.charCodeAt(start);
  let index = sign === 0x2d || sign === 0x2b ? start + 1 : start;
  if (index >= text.length) {
    throw new NumberFormatError('No exponent digits.');
  }
  while (text.length - index > 10 && digitOf(text.charCodeAt(index)) === 0) {
    index++;
  }
  if (text.length - index > 10) {
    throw new NumberFormatError('Too many nonzero exponent digits.');
  }
  let exponent = 0;
  for (; index < text.length; index++) {
    const digit = digitOf(text.charCodeAt(index));
    if (digit < 0) {
      throw new NumberFormatError('Not a digit.');
    }
    exponent = exponent * 10 + digit;
  }
  const signed = sign === 0x2d ? -exponent : exponent;
  if (signed !== (signed | 0)) {
    throw new NumberFormatError('Exponent overflow.');
  }
  return signed;
}

/** Java words it differently for texts of more than 18 characters. */
function unexpectedCharacter(text: string, start: number, index: number): NumberFormatError {
  return new NumberFormatError(
    text.length - start <= 18
      ? `Character ${text[index]} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`
      : 'Character array is missing "e" notation exponential mark.',
  );
}

function digitsOf(unscaled: bigint): string {
  return (unscaled < 0n ? -unscaled : unscaled).toString();
}

function signOf(unscaled: bigint): string {
  return unscaled < 0n ? '-' : '';
}

function withPoint(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function divide(dividend: bigint, divisor: bigint, rounding: RoundingMode): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend - quotient * divisor;
  if (remainder === 0n) {
    return quotient;
  }
  return awayFromZero(quotient, remainder, divisor, rounding) ? quotient + (dividend < 0n ? -1n : 1n) : quotient;
}

function awayFromZero(quotient: bigint, remainder: bigint, divisor: bigint, rounding: RoundingMode): boolean {
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  switch (rounding) {
    case 'UP':
      return true;
    case 'DOWN':
      return false;
    case 'CEILING':
      return remainder > 0n;
    case 'FLOOR':
      return remainder < 0n;
    case 'HALF_UP':
      return twice >= divisor;
    case 'HALF_DOWN':
      return twice > divisor;
    case 'HALF_EVEN':
      return twice === divisor ? (quotient & 1n) === 1n : twice > divisor;
    case 'UNNECESSARY':
      throw new ArithmeticError('Rounding necessary');
  }
}
