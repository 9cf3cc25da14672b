import { DataError, Decimal, type TableKey, type TableKeyPart } from '@millrace/api';
import { kindOf } from '../core/require.ts';

/**
 * The form in which a value is part of a key; `null` for null, which is no part of any key.
 *
 * @throws DataError for values that cannot be compared: bytes, arrays, objects, `NaN`.
 */
export function tableKeyPart(value: unknown, path: string): TableKeyPart | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isNaN(value)) break;
      return value === 0 ? 0 : value;
    case 'bigint':
      return safeNumber(value);
    case 'undefined':
      return null;
    case 'object':
      if (value === null) return null;
      if (Decimal.isInstance(value)) return decimalPart(value);
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  }
  const kind = Number.isNaN(value) ? 'NaN' : kindOf(value);
  throw new DataError(`The value at ${path} cannot be a key of a table: it is ${kind}.`, { path });
}

/** One value by which a `Map` finds a key: a key of one part is that part. */
export function mapKey(key: TableKey): TableKeyPart {
  if (typeof key !== 'object') return key;
  if (key.length === 1) return key[0] as TableKeyPart;
  let text = '';
  for (const part of key) {
    // With its type and its length no part can run into the next.
    const partText = String(part);
    text += `${typeof part === 'string' ? 's' : typeof part === 'boolean' ? 'b' : 'n'}${partText.length}:${partText}`;
  }
  return text;
}

/** The same, for tables whose keys are texts: 5, 5n and "5" are one key. */
export function textMapKey(key: TableKey): string {
  return typeof key === 'object' && key.length > 1 ? (mapKey(key.map(String)) as string) : String(key);
}

function safeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** `5.00` is 5, and what has a fraction is its shortest text. */
function decimalPart({ unscaled, scale }: Decimal): TableKeyPart {
  let digits = unscaled;
  let places = scale;
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  return places <= 0 ? safeNumber(digits * 10n ** BigInt(-places)) : new Decimal(digits, places).toPlainString();
}
