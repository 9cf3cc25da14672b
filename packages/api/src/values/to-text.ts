import { Decimal } from '../data/decimal.ts';
import { formatDouble } from '../numbers/format-double.ts';
import { formatFloat } from '../numbers/format-float.ts';
import type { Schema, Struct } from '../schema/schema.ts';
import { conversionError } from './conversion-error.ts';
import { formatTemporal } from './temporal-text.ts';

/**
 * The text that `parseString` reads back where it can: numbers as Java prints them, dates in ISO form, bytes in
 * Base64, arrays, maps and structs in a form like JSON. A struct's field that is not set shows its default.
 *
 * Without a schema a whole number has no decimal point, whatever it was before.
 */
export function convertToString(schema: Schema | null, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  return textOf(schema, value);
}

function textOf(schema: Schema | null, value: unknown): string {
  switch (typeof value) {
    case 'number':
      return numberText(schema, value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(schema, value);
    default:
      throw conversionError(schema, value, 'a text');
  }
}

function numberText(schema: Schema | null, value: number): string {
  if (schema?.type === 'float32') return formatFloat(value);
  if (schema?.type === 'float64') return formatDouble(value);
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : formatDouble(value);
}

function objectText(schema: Schema | null, value: object): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw conversionError(schema, value, 'a text');
    return formatTemporal(value);
  }
  if (Decimal.isInstance(value)) return value.toString();
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value)) return `[${value.map((item) => embeddedText(elementOf(schema), item)).join(',')}]`;
  const entries = value instanceof Map ? mapEntries(schema, value) : structEntries(schema, value as Struct);
  return `{${entries.map(([key, text]) => `${key}:${text}`).join(',')}}`;
}

function mapEntries(schema: Schema | null, map: ReadonlyMap<unknown, unknown>): (readonly [string, string])[] {
  const keys = schema?.keySchema ?? null;
  return [...map].map(([key, value]) => [embeddedText(keys, key), embeddedText(elementOf(schema), value)]);
}

function structEntries(schema: Schema | null, struct: Struct): (readonly [string, string])[] {
  return Object.entries(struct).map(([name, value]) => {
    const field = schema?.field(name)?.schema ?? null;
    return [quoted(name), embeddedText(field, value ?? field?.defaultValue ?? null)];
  });
}

/** Inside a container texts and bytes are quoted. */
function embeddedText(schema: Schema | null, value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Uint8Array) return quoted(base64(value));
  return textOf(schema, value);
}

function elementOf(schema: Schema | null): Schema | null {
  return schema?.valueSchema ?? null;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
