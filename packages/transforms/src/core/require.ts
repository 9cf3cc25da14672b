import { DataError, type Schema, type Struct } from '@millrace/api';
import type { RecordPart } from './record-part.ts';

/** A value without schema that has fields: an object, as converters give it. */
export type PlainValue = Readonly<Record<string, unknown>>;

/** @throws DataError when a value with a schema is no struct. `purpose` says what the transform wanted to do. */
export function requireStruct(schema: Schema, value: unknown, purpose: string, part: RecordPart): Struct {
  if (schema.type === 'struct' && typeof value === 'object' && value !== null) return value as Struct;
  const found =
    value === null || value === undefined ? 'null' : schema.type === 'struct' ? typeof value : `${schema.type}`;
  throw new DataError(`Only structs can be used for ${purpose}; this record's ${part.name} is ${found}.`, {
    part: part.name,
  });
}

/** @throws DataError when a value without schema is no object. */
export function requireObject(value: unknown, purpose: string, part: RecordPart): PlainValue {
  if (isPlainObject(value)) return value;
  throw new DataError(
    `Without a schema only objects can be used for ${purpose}; this record's ${part.name} is ${kindOf(value)}.`,
    { part: part.name },
  );
}

export function isPlainObject(value: unknown): value is PlainValue {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What a value is, for messages: `null`, `an array`, `a string`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? `a ${value.constructor?.name ?? 'object'}` : `a ${typeof value}`;
}
