import { Decimal, roundToFloat } from '@millrace/api';
import { ArithmeticError } from '../errors.ts';

export type RoundingMode = 'UP' | 'DOWN' | 'CEILING' | 'FLOOR' | 'HALF_UP' | 'HALF_DOWN' | 'HALF_EVEN' | 'UNNECESSARY';

/** `BigDecimal.setScale`: throws {@link ArithmeticError} where `UNNECESSARY` (the default) would have to round. */
export function bigDecimalSetScale(value: Decimal, scale: number, rounding: RoundingMode = 'UNNECESSARY'): Decimal {
  if (scale === value.scale) {
    return value;
  }
  if (value.unscaled === 0n) {
    return new Decimal(0n, scale);
  }
  if (scale > value.scale) {
    return new Decimal(value.unscaled * 10n ** BigInt(scale - value.scale), scale);
  }
  const excess = value.scale - scale;
  if (excess > digitsOf(value.unscaled).length + 1) {
    // Far below one unit of the result: any smaller fraction rounds alike, without the huge power of ten.
    return new Decimal(divide(value.unscaled < 0n ? -1n : 1n, 100n, rounding), scale);
  }
  return new Decimal(divide(value.unscaled, 10n ** BigInt(excess), rounding), scale);
}

/** `BigDecimal.toBigInteger`: cut towards zero. */
export function bigDecimalToBigInteger(value: Decimal): bigint {
  return bigDecimalSetScale(value, 0, 'DOWN').unscaled;
}

/** `BigDecimal.longValue`: cut towards zero, then the low 64 bits. Cheap for any exponent. */
export function bigDecimalToLong(value: Decimal): bigint {
  // 10^64 and beyond are multiples of 2^64.
  return value.scale <= -64 ? 0n : BigInt.asIntN(64, bigDecimalToBigInteger(value));
}

/** `BigDecimal.longValueExact`, with `undefined` for a value that is fractional or outside of INT64. */
export function bigDecimalToLongExact(value: Decimal): bigint | undefined {
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
export function bigDecimalToDouble(value: Decimal): number {
  return Number(value.toString());
}

/** `BigDecimal.floatValue`. */
export function bigDecimalToFloat(value: Decimal): number {
  return roundToFloat(value.toString());
}

function digitsOf(unscaled: bigint): string {
  return (unscaled < 0n ? -unscaled : unscaled).toString();
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
