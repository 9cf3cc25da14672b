import {
  compileStructMapper,
  type Field,
  Schema,
  type SchemaAndValue,
  type Struct,
  type Table,
  type TableKey,
  type TableKeyPart,
} from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { putProperty } from '../core/put-property.ts';
import { isPlainObject } from '../core/require.ts';
import { detach } from './detach.ts';
import { mapKey, textMapKey } from './table-key.ts';

export interface MemoryTableOptions {
  /** The outermost fields that are kept of a row. Left out: all. */
  readonly fields?: readonly string[] | undefined;
  /** `text`: keys are compared as texts, so that 5 finds "5". Left out: `exact`. */
  readonly keys?: 'exact' | 'text' | undefined;
  /** Known before the first row. */
  readonly schema?: Schema | null | undefined;
}

/**
 * A table whose rows are all in memory, for whoever fills it and keeps it current. A row is kept as its bare struct,
 * with the fields that are wanted and no more; its schema stands beside it only where it is not the schema of the
 * table, which is that of the last row.
 */
export class MemoryTable implements Table {
  readonly #rows = new Map<TableKeyPart, unknown>();
  readonly #toMapKey: (key: TableKey) => TableKeyPart;
  readonly #project: (schema: Schema) => Projection;
  readonly #fields: readonly string[] | undefined;
  /** Filled anew by each `get`. */
  readonly #found: { schema: Schema | null; value: unknown } = { schema: null, value: null };
  #schema: Schema | null | undefined;
  /** Those of the rows that are kept bare. */
  #bareSchema: Schema | null | undefined;

  constructor(options: MemoryTableOptions = {}) {
    this.#fields = options.fields;
    this.#schema = options.schema;
    this.#toMapKey = options.keys === 'text' ? textMapKey : mapKey;
    this.#project = perSchema((schema) => compileProjection(schema, options.fields));
    if (options.schema !== undefined && options.schema !== null) this.#schema = this.#project(options.schema).schema;
  }

  get schema(): Schema | null | undefined {
    return this.#schema;
  }

  get size(): number {
    return this.#rows.size;
  }

  /**
   * Puts a row in the place of the one that the key had; the value may be a view into fetched bytes. `null` takes the
   * row away, as a tombstone does.
   */
  set(key: TableKey, schema: Schema | null, value: unknown): void {
    if (value === null || value === undefined) {
      this.delete(key);
      return;
    }
    let rowSchema = schema;
    let row: unknown = value;
    if (schema === null) {
      row = keepFields(value, this.#fields);
    } else {
      const projection = this.#project(schema);
      rowSchema = projection.schema;
      row = projection.map === undefined ? value : projection.map(value as Struct);
    }
    row = detach(rowSchema, row);
    this.#schema = rowSchema;
    if (this.#rows.size === 0) this.#bareSchema = rowSchema;
    this.#rows.set(this.#toMapKey(key), rowSchema === this.#bareSchema ? row : new RowWithSchema(rowSchema, row));
  }

  delete(key: TableKey): void {
    this.#rows.delete(this.#toMapKey(key));
  }

  get(key: TableKey): SchemaAndValue | undefined {
    const row = this.#rows.get(this.#toMapKey(key));
    if (row === undefined) return undefined;
    if (row instanceof RowWithSchema) return row;
    const found = this.#found;
    found.schema = this.#bareSchema ?? null;
    found.value = row;
    return found;
  }

  close(): void {
    this.#rows.clear();
  }
}

class RowWithSchema implements SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: unknown;

  constructor(schema: Schema | null, value: unknown) {
    this.schema = schema;
    this.value = value;
  }
}

interface Projection {
  readonly schema: Schema;
  /** `undefined`: all fields stay. */
  readonly map: ((row: Struct) => Struct) | undefined;
}

function compileProjection(schema: Schema, names: readonly string[] | undefined): Projection {
  if (names === undefined || schema.type !== 'struct') return { schema, map: undefined };
  const fields = names.map((name) => schema.field(name)).filter((field): field is Field => field !== undefined);
  if (fields.length === schema.fields.length) return { schema, map: undefined };
  const { name, version, doc, parameters, optional } = schema;
  const projected = Schema.struct(
    fields.map((field) => [field.name, field.schema] as const),
    { name, version, doc, parameters, optional },
  );
  const map = compileStructMapper<void>(
    projected,
    fields.map((field) => ({ from: field.name })),
  );
  return { schema: projected, map: (row) => map(row) };
}

function keepFields(value: unknown, names: readonly string[] | undefined): unknown {
  if (names === undefined || !isPlainObject(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const name of names) {
    if (Object.hasOwn(value, name)) putProperty(kept, name, value[name]);
  }
  return kept;
}
