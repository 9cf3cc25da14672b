import type { Schema, Struct } from '@millrace/api';
import { putProperty } from './put-property.ts';

/**
 * A value with a schema as one without: integers of 64 bits are numbers where that is safe, maps with texts as keys
 * are objects; structs inside are objects already.
 */
export function toPlain(schema: Schema | null, value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (schema === null || typeof value !== 'object' || value === null) return value;
  switch (schema.representation) {
    case 'array':
      return (value as readonly unknown[]).map((item) => toPlain(schema.valueSchema ?? null, item));
    case 'map':
      return plainMap(schema, value as ReadonlyMap<unknown, unknown>);
    case 'struct': {
      const plain: Record<string, unknown> = {};
      for (const field of schema.fields)
        putProperty(plain, field.name, toPlain(field.schema, (value as Struct)[field.name]));
      return plain;
    }
    default:
      return value;
  }
}

function plainMap(schema: Schema, map: ReadonlyMap<unknown, unknown>): unknown {
  const keySchema = schema.keySchema ?? null;
  const valueSchema = schema.valueSchema ?? null;
  if (keySchema?.type !== 'string') {
    return new Map([...map].map(([key, value]) => [toPlain(keySchema, key), toPlain(valueSchema, value)]));
  }
  const plain: Record<string, unknown> = {};
  for (const [key, value] of map) putProperty(plain, String(key), toPlain(valueSchema, value));
  return plain;
}
