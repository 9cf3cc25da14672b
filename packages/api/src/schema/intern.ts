import { Decimal } from '../data/decimal.ts';
import type { Schema, SchemaContent } from './schema.ts';

const live = new Map<string, WeakRef<Schema>>();

const forgotten = new FinalizationRegistry<string>((key) => {
  if (live.get(key)?.deref() === undefined) live.delete(key);
});

/** The one live schema of that content; made when there is none. A schema that nobody holds any more is forgotten. */
export function intern(key: string, make: () => Schema): Schema {
  const found = live.get(key)?.deref();
  if (found !== undefined) return found;
  const made = make();
  live.set(key, new WeakRef(made));
  forgotten.register(made, key);
  return made;
}

/** A text that is equal for equal content, and for nothing else. Element schemas are interned: their ids stand for them. */
export function contentKey(content: SchemaContent): string {
  return JSON.stringify([
    content.type,
    content.optional,
    content.name ?? null,
    content.version ?? null,
    content.doc ?? null,
    content.parameters === undefined ? null : [...content.parameters],
    content.defaultValue === undefined ? null : [valueKey(content.defaultValue)],
    content.keySchema?.id ?? null,
    content.valueSchema?.id ?? null,
    content.fields.map(({ name, schema }) => [name, schema.id]),
  ]);
}

/** Plain JSON for a value of any schema: what JSON cannot tell apart carries a mark. */
function valueKey(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return ['int64', value.toString()];
    case 'number':
      return ['number', Object.is(value, -0) ? '-0' : String(value)];
    case 'object':
      return objectKey(value);
    default:
      return value;
  }
}

function objectKey(value: object | null): unknown {
  if (value === null) return null;
  if (Decimal.isInstance(value)) return ['decimal', value.unscaled.toString(), value.scale];
  if (value instanceof Date) return ['date', value.getTime()];
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')];
  if (Array.isArray(value)) return ['array', ...value.map(valueKey)];
  if (value instanceof Map) return ['map', ...[...value].map(([key, inner]) => [valueKey(key), valueKey(inner)])];
  return ['struct', ...Object.entries(value).map(([name, inner]) => [name, valueKey(inner)])];
}
