import { type DataError, Decimal, formatDouble } from '@millrace/api';
import { describe } from '../describe.ts';
import { jsonString } from './json-string.ts';
import { at } from './logical-values.ts';
import { deepestNesting } from './parse-json.ts';
import { bytesToJson, floatToJson } from './value-to-json.ts';

/**
 * The JSON of a value without a schema: whole numbers up to 2^53 and bigints as integers, all other numbers as Java
 * prints a double.
 *
 * @throws DataError with the field path.
 */
export function schemalessToJson(value: unknown, path?: string, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return jsonString(value);
    case 'number':
      return schemalessNumber(value);
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'null';
    case 'object':
      break;
    default:
      throw unwritable(value, path);
  }
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return bytesToJson(value);
  if (depth >= deepestNesting) {
    throw at(path, (where) => `The value${where} is nested deeper than ${deepestNesting} levels.`);
  }
  if (Array.isArray(value)) {
    const parts = Array.from(value, (item, index) => schemalessToJson(item, `${path ?? ''}[${index}]`, depth + 1));
    return `[${parts.join(',')}]`;
  }
  if (value instanceof Map) return mapToJson(value, path, depth);
  if (!isPlain(value)) throw unwritable(value, path);
  const parts: string[] = [];
  for (const name of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    parts.push(
      `${jsonString(name)}:${schemalessToJson(inner, path === undefined ? name : `${path}.${name}`, depth + 1)}`,
    );
  }
  return `{${parts.join(',')}}`;
}

/** How a number without a schema is written. */
function schemalessNumber(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatToJson(formatDouble(value));
}

/** An object that was written as a literal or read from JSON, here or in another realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && !Decimal.isInstance(value);
}

function mapToJson(map: ReadonlyMap<unknown, unknown>, path: string | undefined, depth: number): string {
  const parts: string[] = [];
  const isObject = hasOnlyStringKeys(map);
  for (const [key, inner] of map) {
    const json = schemalessToJson(inner, `${path ?? ''}{${String(key)}}`, depth + 1);
    if (isObject) parts.push(`${jsonString(key as string)}:${json}`);
    else parts.push(`[${schemalessToJson(key, `${path ?? ''}{key}`, depth + 1)},${json}]`);
  }
  return isObject ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
}

/** Only such a map is a JSON object; any other is an array of pairs. */
function hasOnlyStringKeys(map: ReadonlyMap<unknown, unknown>): boolean {
  for (const key of map.keys()) if (typeof key !== 'string') return false;
  return true;
}

function unwritable(value: unknown, path: string | undefined): DataError {
  return at(path, (where) => `Wrong value${where}: without a schema there is no JSON for ${describe(value)}.`);
}
