import type { Schema } from '@millrace/api';

/**
 * Remembers what was made for a schema for as long as the schema lives. The last one asked for is found without a
 * look-up, because neighbouring records mostly share theirs.
 */
export function perSchema<T>(make: (schema: Schema) => T): (schema: Schema) => T {
  const made = new WeakMap<Schema, { readonly value: T }>();
  let lastSchema: Schema | undefined;
  let lastValue: T;
  return (schema) => {
    if (schema === lastSchema) return lastValue;
    let entry = made.get(schema);
    if (entry === undefined) {
      entry = { value: make(schema) };
      made.set(schema, entry);
    }
    lastSchema = schema;
    lastValue = entry.value;
    return lastValue;
  };
}
