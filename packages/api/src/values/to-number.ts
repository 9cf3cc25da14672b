import { Decimal } from '../data/decimal.ts';
import { DataError } from '../errors/errors.ts';
import { roundToFloat } from '../numbers/round-to-float.ts';
import type { Schema } from '../schema/schema.ts';
import { conversionError } from './conversion-error.ts';
import { millisecondsPerDay } from './gregorian-calendar.ts';
import { parseString } from './parse-string.ts';

/** `true` and `false` also as texts; any other value is true when its integer part is not 0. */
export function convertToBoolean(schema: Schema | null, value: unknown): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const parsed = parseString(value).value;
    if (typeof parsed === 'boolean') return parsed;
  }
  const number = numberOf(schema, value, 'a boolean');
  if (typeof number === 'number') return Math.abs(number) >= 1;
  if (typeof number === 'bigint') return number !== 0n;
  return integerDigits(number) > 0;
}

/** The integer part. @throws DataError when it needs more than 8 bits. */
export function convertToByte(schema: Schema | null, value: unknown): number | null {
  return value === null ? null : Number(integerOf(schema, value, -128n, 127n, 'an INT8'));
}

/** The integer part. @throws DataError when it needs more than 16 bits. */
export function convertToShort(schema: Schema | null, value: unknown): number | null {
  return value === null ? null : Number(integerOf(schema, value, -32_768n, 32_767n, 'an INT16'));
}

/** The integer part. @throws DataError when it needs more than 32 bits. */
export function convertToInteger(schema: Schema | null, value: unknown): number | null {
  return value === null ? null : Number(integerOf(schema, value, -2_147_483_648n, 2_147_483_647n, 'an INT32'));
}

/** The integer part. @throws DataError when it needs more than 64 bits. */
export function convertToLong(schema: Schema | null, value: unknown): bigint | null {
  return value === null ? null : integerOf(schema, value, -(2n ** 63n), 2n ** 63n - 1n, 'an INT64');
}

/** The nearest float. */
export function convertToFloat(schema: Schema | null, value: unknown): number | null {
  if (value === null) return null;
  const number = numberOf(schema, value, 'a FLOAT32');
  return typeof number === 'number' ? Math.fround(number) : roundToFloat(number.toString());
}

export function convertToDouble(schema: Schema | null, value: unknown): number | null {
  return value === null ? null : Number(numberOf(schema, value, 'a FLOAT64'));
}

/**
 * The integer part of a number, of a numeric text or of what a date stands for (days or milliseconds, by its schema).
 *
 * @throws DataError when there is none between the two limits.
 */
export function integerOf(
  schema: Schema | null,
  value: unknown,
  lowest: bigint,
  highest: bigint,
  target: string,
): bigint {
  const integer = truncate(numberOf(schema, value, target));
  if (integer !== undefined && integer >= lowest && integer <= highest) return integer;
  throw new DataError(`${conversionError(schema, value, target).message} It must be between ${lowest} and ${highest}.`);
}

function numberOf(schema: Schema | null, value: unknown, target: string): number | bigint | Decimal {
  if (typeof value === 'number' || typeof value === 'bigint' || Decimal.isInstance(value)) return value;
  if (typeof value === 'string') {
    try {
      return Decimal.parse(value);
    } catch (cause) {
      throw conversionError(schema, value, target, cause);
    }
  }
  const time = value instanceof Date ? value.getTime() : Number.NaN;
  switch (Number.isNaN(time) ? undefined : schema?.representation) {
    case 'date':
      if (time % millisecondsPerDay !== 0)
        throw new DataError('A Date must be at midnight UTC to be a number of days.');
      return time / millisecondsPerDay;
    case 'time':
      if (time < 0 || time > millisecondsPerDay) {
        throw new DataError(`A Time must lie on 1970-01-01, got ${(value as Date).toISOString()}.`);
      }
      return time;
    case 'timestamp':
      return time;
    default:
      throw conversionError(schema, value, target);
  }
}

/** `undefined` when there are too many digits to bother, or none. */
function truncate(number: number | bigint | Decimal): bigint | undefined {
  if (typeof number === 'bigint') return number;
  if (typeof number === 'number') return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
  const digits = integerDigits(number);
  if (digits <= 0) return 0n;
  if (digits > 20) return undefined;
  const { unscaled, scale } = number;
  return scale > 0 ? unscaled / 10n ** BigInt(scale) : unscaled * 10n ** BigInt(-scale);
}

/** How many digits stand in front of the point; 0 or less when there is only a fraction, or zero. */
function integerDigits({ unscaled, scale }: Decimal): number {
  return unscaled === 0n ? 0 : unscaled.toString().replace('-', '').length - scale;
}
