import { DataError, type Schema, type Struct, Values } from '@millrace/api';
import { isPlainObject, type PlainValue } from '../core/require.ts';
import { toPlain } from '../core/to-plain.ts';
import { plainField, structField } from '../fields/read-field.ts';
import type { CopiedField } from './config.ts';

/** A field that goes from rows of one schema into records. */
export interface RowColumn {
  readonly target: string;
  readonly schema: Schema;
  /** Whether rows always have it. */
  readonly always: boolean;
  readonly get: (row: unknown) => unknown;
}

/**
 * The columns that are wanted of rows with a schema; a row that is no struct is one column, `value`.
 *
 * @throws DataError when rows have no such field.
 */
export function rowColumns(schema: Schema, wanted: readonly CopiedField[]): readonly RowColumn[] {
  if (schema.type !== 'struct') {
    const whole = wanted.length === 0 ? [{ target: 'value' }] : wanted.filter(({ path }) => isWhole(path.steps));
    if (whole.length !== (wanted.length || 1)) {
      throw new DataError(`The rows of the table are of ${schema}: their only field is "value".`);
    }
    return whole.map(({ target }) => ({ target, schema, always: !schema.optional, get: (row) => row ?? null }));
  }
  if (wanted.length === 0) {
    return schema.fields.map((field) => ({
      target: field.name,
      schema: field.schema,
      always: !field.schema.optional,
      get: (row) => (row as Struct)[field.name] ?? field.schema.defaultValue ?? null,
    }));
  }
  return wanted.map(({ path, target }) => {
    const found = structField(schema, path, true);
    if (found === undefined) {
      throw new DataError(`The rows of the table have no field ${path.text}: they are of ${schema}.`);
    }
    const { field, get } = found;
    const always = path.steps.length === 1 && !field.schema.optional;
    return { target, schema: field.schema, always, get: (row) => get(row as Struct) };
  });
}

/** The wanted fields of a row without schema, by the names that they get. */
export function plainColumns(row: unknown, wanted: readonly CopiedField[]): PlainValue {
  if (!isPlainObject(row)) {
    if (wanted.some(({ path }) => !isWhole(path.steps))) {
      throw new DataError('The row of the table is no object: its only field is "value".');
    }
    return Object.fromEntries(
      (wanted.length === 0 ? ['value'] : wanted.map(({ target }) => target)).map((name) => [name, row]),
    );
  }
  if (wanted.length === 0) return row;
  return Object.fromEntries(wanted.map(({ path, target }) => [target, plainField(row, path) ?? null]));
}

/** The value of a column that the configuration gives as text, for a record without schema: what the text looks like. */
export function plainDefaultOf(text: string): unknown {
  const { schema, value } = Values.parseString(text);
  return toPlain(schema, value);
}

function isWhole(steps: readonly string[]): boolean {
  return steps.length === 1 && steps[0] === 'value';
}
