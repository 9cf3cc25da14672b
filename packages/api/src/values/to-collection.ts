import { DataError } from '../errors/errors.ts';
import type { Schema } from '../schema/schema.ts';
import { fits } from '../schema/validate.ts';
import { conversionError } from './conversion-error.ts';
import { parseString } from './parse-string.ts';

/** An array is taken as it is, a text is read. @throws DataError for anything else, `null` too. */
export function convertToList(schema: Schema | null, value: unknown): readonly unknown[] {
  if (value === null) throw new DataError('Cannot convert null to an array.');
  const list = typeof value === 'string' ? parseString(value).value : value;
  if (Array.isArray(list)) return list;
  throw conversionError(schema, value, 'an array');
}

/**
 * A `Map` is taken as it is, an object without a schema becomes one, a text is read.
 *
 * @throws DataError for anything else, a struct and `null` too.
 */
export function convertToMap(schema: Schema | null, value: unknown): ReadonlyMap<unknown, unknown> {
  if (value === null) throw new DataError('Cannot convert null to a map.');
  const map = typeof value === 'string' ? parseString(value).value : value;
  if (map instanceof Map) return map;
  if (schema === null && map === value && fits('struct', map)) return new Map(Object.entries(map as object));
  throw conversionError(schema, value, 'a map');
}
