import { Decimal, Schema } from '@millrace/api';

/** The schema for a single value without one, `undefined` for objects and arrays. All numbers are float64. */
export function schemaOfPlain(value: unknown): Schema | undefined {
  switch (typeof value) {
    case 'string':
      return Schema.string;
    case 'boolean':
      return Schema.boolean;
    case 'bigint':
      return Schema.int64;
    case 'number':
      return Schema.float64;
    default:
      if (value === null || value === undefined) return Schema.string.asOptional();
      if (value instanceof Date) return Schema.timestamp;
      if (value instanceof Uint8Array) return Schema.bytes;
      return Decimal.isInstance(value) ? Schema.decimal(value.scale) : undefined;
  }
}
