import { Decimal } from '../data/decimal.ts';
import { DataError } from '../errors/errors.ts';
import type { Schema, Struct } from './schema.ts';
import type { Representation } from './schema-type.ts';

const expectations: Readonly<Record<Representation, string>> = {
  int8: 'an integer from -128 to 127',
  int16: 'an integer from -32768 to 32767',
  int32: 'an integer from -2147483648 to 2147483647',
  int64: 'a bigint of 64 bits',
  float32: 'a number',
  float64: 'a number',
  boolean: 'a boolean',
  string: 'a string',
  bytes: 'a Uint8Array',
  array: 'an array',
  map: 'a Map',
  struct: 'a struct',
  decimal: 'a Decimal',
  date: 'a valid Date',
  time: 'a valid Date',
  timestamp: 'a valid Date',
};

/** @throws DataError with the field path and what was expected. */
export function validate(schema: Schema, value: unknown): void {
  check(schema, value, undefined);
}

/** Whether a value that is not null is of the right kind; what it holds inside is not looked at. */
export function fits(representation: Representation, value: unknown): boolean {
  switch (representation) {
    case 'int32':
      return typeof value === 'number' && (value | 0) === value;
    case 'int64':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
    case 'int16':
      return typeof value === 'number' && (value << 16) >> 16 === value;
    case 'int8':
      return typeof value === 'number' && (value << 24) >> 24 === value;
    case 'float32':
    case 'float64':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'bytes':
      return value instanceof Uint8Array;
    case 'array':
      return Array.isArray(value);
    case 'map':
      return value instanceof Map;
    case 'struct':
      return isStruct(value);
    case 'decimal':
      return Decimal.isInstance(value);
    default:
      return value instanceof Date && !Number.isNaN(value.getTime());
  }
}

/** The error for a value that does not fit; also thrown by converters, so that all say the same. */
export function misfit(schema: Schema, value: unknown, path: string | undefined): DataError {
  const where = path === undefined ? '' : ` at ${path}`;
  const type = schema.name === undefined ? schema.type : `${schema.type} (${schema.name})`;
  return new DataError(
    value === null || value === undefined
      ? `Missing value${where}: schema type ${type} is required.`
      : `Wrong value${where}: schema type ${type} takes ${expectations[schema.representation]}, got ${describeValue(value)}.`,
    path === undefined ? {} : { path },
  );
}

/** Elements of an array or a map that was read from a text may have no schema: they can be anything. */
function check(schema: Schema | undefined, value: unknown, path: string | undefined): void {
  if (schema === undefined) return;
  if (value === null || value === undefined) {
    if (!schema.optional) throw misfit(schema, value, path);
    return;
  }
  if (!fits(schema.representation, value)) throw misfit(schema, value, path);
  switch (schema.representation) {
    case 'array': {
      (value as readonly unknown[]).forEach((item, index) => {
        check(schema.valueSchema, item, `${path ?? ''}[${index}]`);
      });
      break;
    }
    case 'map':
      for (const [key, inner] of value as ReadonlyMap<unknown, unknown>) {
        check(schema.keySchema, key, `${path ?? ''}{key}`);
        check(schema.valueSchema, inner, `${path ?? ''}{${typeof key === 'string' ? key : describeValue(key)}}`);
      }
      break;
    case 'struct':
      checkStruct(schema, value as Struct, path);
      break;
  }
}

function checkStruct(schema: Schema, struct: Struct, path: string | undefined): void {
  for (const { name, schema: fieldSchema } of schema.fields) {
    const inner = Object.hasOwn(struct, name) ? struct[name] : null;
    // As in Java, a default stands in for a field that is not set.
    if ((inner === null || inner === undefined) && fieldSchema.defaultValue !== undefined) continue;
    check(fieldSchema, inner, path === undefined ? name : `${path}.${name}`);
  }
  for (const name in struct) {
    if (schema.field(name) === undefined) {
      throw new DataError(`${schema} has no field "${name}"${path === undefined ? '' : ` (at ${path})`}.`, {
        path: name,
      });
    }
  }
}

function isStruct(value: unknown): value is Struct {
  if (typeof value !== 'object' || value === null) return false;
  return !(
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Date ||
    value instanceof Uint8Array ||
    Decimal.isInstance(value)
  );
}

/** A short text for an error: the kind of the value and, of a primitive, the value. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'bigint':
      return `the bigint ${value}n`;
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return `the ${typeof value} ${String(value)}`;
  }
}

function describeObject(value: object): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return `the Date ${value.toISOString()}`;
  if (Decimal.isInstance(value)) {
    const text = value.toString();
    return `the Decimal ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
  }
  const type: unknown = value.constructor;
  return `a value of type ${typeof type === 'function' ? type.name : 'Object'}`;
}
