import { Decimal } from '../data/decimal.ts';
import { DataError } from '../errors/errors.ts';
import type { Schema } from '../schema/schema.ts';
import { conversionError } from './conversion-error.ts';

/**
 * A decimal is taken as it is, bytes are an unscaled value of that scale, a text is read. Any other number gets the
 * digits that Java prints for it (`1` becomes `1.0`), but a bigint beyond 2^53 stays exact.
 *
 * @throws DataError for `null` too.
 */
export function convertToDecimal(schema: Schema | null, value: unknown, scale: number): Decimal {
  if (value === null) throw new DataError('Cannot convert null to a decimal.');
  if (Decimal.isInstance(value)) return value;
  if (value instanceof Uint8Array) return Decimal.fromBytes(value, scale);
  if (typeof value === 'number') return Decimal.fromNumber(value);
  if (typeof value === 'string') return Decimal.parse(value);
  if (typeof value !== 'bigint') throw conversionError(schema, value, 'a decimal');
  const number = Number(value);
  return Number.isSafeInteger(number) ? Decimal.fromNumber(number) : new Decimal(value, 0);
}
