import type { Schema, Struct } from '@millrace/api';
import { isPlainObject } from '../core/require.ts';

/**
 * The same value without views into fetched bytes, for whoever keeps it: bytes are copied, everything else is shared
 * where it holds none.
 */
export function detach(schema: Schema | null, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (schema !== null && !holdsBytes(schema)) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map((item) => detach(schema?.valueSchema ?? null, item));
  if (value instanceof Map) {
    const keySchema = schema?.keySchema ?? null;
    const valueSchema = schema?.valueSchema ?? null;
    return new Map([...value].map(([key, inner]) => [detach(keySchema, key), detach(valueSchema, inner)]));
  }
  if (schema?.type === 'struct') {
    const struct = value as Struct;
    return schema.create(
      Object.fromEntries(schema.fields.map((field) => [field.name, detach(field.schema, struct[field.name])])),
    );
  }
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, detach(null, inner)]));
}

const known = new WeakMap<Schema, boolean>();

function holdsBytes(schema: Schema): boolean {
  const answer = known.get(schema);
  if (answer !== undefined) return answer;
  const { representation, keySchema, valueSchema, fields } = schema;
  const found =
    representation === 'bytes' ||
    (keySchema !== undefined && holdsBytes(keySchema)) ||
    (valueSchema !== undefined && holdsBytes(valueSchema)) ||
    fields.some((field) => holdsBytes(field.schema));
  known.set(schema, found);
  return found;
}
