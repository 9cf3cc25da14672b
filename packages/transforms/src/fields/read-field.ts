import { DataError, type Field, type Schema, type Struct } from '@millrace/api';
import { isPlainObject, kindOf, type PlainValue } from '../core/require.ts';
import { compileReader, type ReadStep } from './compile-reader.ts';
import type { FieldPath } from './field-path.ts';

/** A field of a struct, at any depth. */
export interface StructField {
  readonly field: Field;
  /** `null` where the field or a struct around it is unset and no default stands in. */
  readonly get: (struct: Struct) => unknown;
}

/**
 * Finds a field at a path, `undefined` when the schema has none there.
 *
 * With `replaceNull`, the default of a schema stands in for what is unset: of the field and of the structs around it.
 *
 * @throws DataError when the path goes through something that is no struct.
 */
export function structField(schema: Schema, path: FieldPath, replaceNull: boolean): StructField | undefined {
  const fields = fieldsAlong(schema, path);
  const field = fields?.at(-1);
  if (fields === undefined || field === undefined) return undefined;
  return { field, get: compileReader(fields.map((step) => stepOf(step, replaceNull))) };
}

/** Reads one field of a struct; with `replaceNull`, the default of its schema stands in for `null`. */
export function readStep(field: Field, replaceNull: boolean): (struct: Struct) => unknown {
  return compileReader<void>([stepOf(field, replaceNull)]) as (struct: Struct) => unknown;
}

/** How one field of a struct is read; with `replaceNull`, the default of its schema stands in for `null`. */
export function stepOf({ name, schema }: Field, replaceNull: boolean): ReadStep {
  return { name, defaultValue: replaceNull ? schema.defaultValue : undefined };
}

/**
 * Reads a field of a plain object, at any depth; `undefined` when it is not there.
 *
 * @throws DataError when the path goes through something that is no object.
 */
export function plainField(object: PlainValue, { steps, text }: FieldPath): unknown {
  let value: unknown = object;
  for (const step of steps) {
    if (value === null || value === undefined) return undefined;
    if (!isPlainObject(value)) {
      throw new DataError(`The path ${text} goes through ${kindOf(value)}; it can only go through objects.`, {
        path: text,
      });
    }
    value = Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

function fieldsAlong(schema: Schema, { steps, text }: FieldPath): readonly Field[] | undefined {
  const fields: Field[] = [];
  let current = schema;
  for (const step of steps) {
    if (current.type !== 'struct') {
      throw new DataError(
        `The path ${text} goes through a field of type ${current.type}; it can only go through structs.`,
        {
          path: text,
        },
      );
    }
    const field = current.field(step);
    if (field === undefined) return undefined;
    fields.push(field);
    current = field.schema;
  }
  return fields;
}
