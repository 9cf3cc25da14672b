import { DataError, Decimal, fits, misfit, type Schema, type Struct } from '@millrace/api';
import { putProperty } from '../core/put-property.ts';
import { isPlainObject, type PlainValue } from '../core/require.ts';
import { valueOfText } from '../core/value-of-text.ts';

const base64 = /^[A-Za-z\d+/]*={0,2}$/;
const trustedDigits = 15;

/**
 * The value of a schema that JSON stands for. Fields that the schema does not have are left out.
 *
 * @throws DataError with the path to what does not fit.
 */
export function fromJson(schema: Schema, json: unknown, path: string): unknown {
  if (json === null || json === undefined) {
    if (schema.defaultValue !== undefined) return schema.defaultValue;
    if (schema.optional) return null;
    throw misfit(schema, null, path);
  }
  switch (schema.representation) {
    case 'array': {
      if (!Array.isArray(json)) throw misfit(schema, json, path);
      return json.map((item, index) => fromJson(schema.valueSchema as Schema, item, `${path}[${index}]`));
    }
    case 'map':
      return mapFromJson(schema, json, path);
    case 'struct': {
      if (!isPlainObject(json)) throw misfit(schema, json, path);
      const values: Record<string, unknown> = {};
      for (const { name, schema: fieldSchema } of schema.fields) {
        const inner = Object.hasOwn(json, name) ? json[name] : null;
        putProperty(values, name, fromJson(fieldSchema, inner, `${path}.${name}`));
      }
      return (schema as Schema<Struct>).create(values as never);
    }
    default:
      return scalarFromJson(schema, json, path);
  }
}

function mapFromJson(schema: Schema, json: unknown, path: string): ReadonlyMap<unknown, unknown> {
  const keys = schema.keySchema as Schema;
  const values = schema.valueSchema as Schema;
  if (!isPlainObject(json) || keys.type !== 'string') throw misfit(schema, json, path);
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(values, value, `${path}{${key}}`)]));
}

function scalarFromJson(schema: Schema, json: unknown, path: string): unknown {
  const { representation } = schema;
  if (typeof json === 'string' && representation !== 'string' && representation !== 'boolean') {
    if (representation === 'bytes') return bytesFromJson(json, path);
    return textFromJson(schema, json, path);
  }
  if (typeof json === 'number' || typeof json === 'bigint') return numberFromJson(schema, json, path);
  return checked(schema, json, path);
}

function numberFromJson(schema: Schema, json: number | bigint, path: string): unknown {
  switch (schema.representation) {
    case 'int64':
      if (typeof json === 'number' && !Number.isInteger(json)) throw misfit(schema, json, path);
      requireAllDigits(json, path);
      return checked(schema, BigInt(json), path);
    case 'decimal':
      requireAllDigits(json, path);
      return textFromJson(schema, String(json), path);
    case 'timestamp':
      if (!Number.isSafeInteger(json)) throw misfit(schema, json, path);
      return checked(schema, new Date(json as number), path);
    case 'float64': {
      const number = finite(schema, Number(json), path);
      if (typeof json === 'bigint' && BigInt(number) !== json) {
        throw new DataError(`The integer ${json} at ${path} would be rounded as a value of ${schema}.`, { path });
      }
      return number;
    }
    case 'float32':
      return finite(schema, Math.fround(Number(json)), path);
    default:
      return checked(schema, json, path);
  }
}

/** A double holds 15 digits of any number; where it shows more, the text that it was read from may have had others. */
function requireAllDigits(json: number | bigint, path: string): void {
  if (typeof json === 'bigint' || Number.isSafeInteger(json)) return;
  const digits = String(json)
    .replace(/e.*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');
  if (Number.isFinite(json) && digits.length <= trustedDigits) return;
  throw new DataError(
    `The number at ${path} has more digits than a number of JSON is read with; write it as a text, in quotes.`,
    { path },
  );
}

function finite(schema: Schema, number: number, path: string): number {
  if (Number.isFinite(number)) return number;
  throw new DataError(`The number at ${path} is too large for ${schema}.`, { path });
}

function bytesFromJson(text: string, path: string): Buffer {
  if (text.length % 4 === 0 && base64.test(text)) return Buffer.from(text, 'base64');
  throw new DataError(`The text at ${path} is no base64.`, { path });
}

function textFromJson(schema: Schema, text: string, path: string): unknown {
  try {
    return valueOfText(text, schema);
  } catch (cause) {
    throw new DataError(`${(cause as Error).message} It stands at ${path}.`, { path, cause });
  }
}

function checked(schema: Schema, value: unknown, path: string): unknown {
  if (!fits(schema.representation, value)) throw misfit(schema, value, path);
  return value;
}

/** What JSON can hold for a value; `null` as schema: there is none. */
export function toJson(schema: Schema | null, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  if (Decimal.isInstance(value)) return JSON_RAW.rawJSON(value.toString());
  if (value instanceof Date) return dateText(schema, value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (Array.isArray(value)) return value.map((item) => toJson(schema?.valueSchema ?? null, item));
  if (value instanceof Map) return mapToJson(schema, value);
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = (value as PlainValue)[name];
    putProperty(plain, name, toJson(schema?.field(name)?.schema ?? null, inner));
  }
  return plain;
}

/** What the type definitions of the language do not have yet: text that stands in the JSON as it is. */
const JSON_RAW = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

function dateText(schema: Schema | null, date: Date): string {
  const text = date.toISOString();
  if (schema?.representation === 'date') return text.slice(0, -14);
  return schema?.representation === 'time' ? text.slice(-13, -1) : text;
}

/** An object where all keys are texts, else pairs. */
function mapToJson(schema: Schema | null, map: ReadonlyMap<unknown, unknown>): unknown {
  const keySchema = schema?.keySchema ?? null;
  const valueSchema = schema?.valueSchema ?? null;
  const entries = [...map].map(([key, value]) => [toJson(keySchema, key), toJson(valueSchema, value)] as const);
  if (!entries.every(([key]) => typeof key === 'string')) return entries;
  const plain: Record<string, unknown> = {};
  for (const [key, value] of entries) putProperty(plain, key as string, value);
  return plain;
}
