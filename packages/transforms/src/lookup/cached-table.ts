import type { Schema, SchemaAndValue, Table, TableKey, TableKeyPart, TableView } from '@millrace/api';
import { detach } from './detach.ts';
import { mapKey } from './table-key.ts';

export interface CachedTableOptions {
  /** Milliseconds for which a row that was found is taken for true. */
  readonly ttl: number;
  /** The same for a key without a row. */
  readonly negativeTtl: number;
  /** Most keys that are kept; those not asked for longest go first. */
  readonly size: number;
  /** Milliseconds of a clock that never goes back. Left out: the process's own. */
  readonly now?: (() => number) | undefined;
}

interface Entry {
  /** `undefined`: there is no such row. */
  readonly row: SchemaAndValue | undefined;
  readonly expires: number;
}

/**
 * A table that asks another one for what it does not know yet, once per batch, and keeps the answers for a while. What
 * a batch was given stays with the batch: neither a small cache nor a row that expires can take it away again.
 */
export function cachedTable(table: Table, options: CachedTableOptions): Table {
  const { ttl, negativeTtl, size, now = () => performance.now() } = options;
  const entries = new Map<TableKeyPart, Entry>();

  function fresh(key: TableKeyPart): Entry | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    if (entry.expires <= now()) return undefined;
    entries.set(key, entry);
    return entry;
  }

  function keep(key: TableKeyPart, row: SchemaAndValue | undefined): void {
    const time = row === undefined ? negativeTtl : ttl;
    if (time <= 0 || size <= 0) return;
    entries.delete(key);
    if (entries.size >= size) entries.delete(entries.keys().next().value as TableKeyPart);
    entries.set(key, { row, expires: now() + time });
  }

  async function prepare(keys: readonly TableKey[]): Promise<TableView> {
    const rows = new Map<TableKeyPart, SchemaAndValue | undefined>();
    const failures = new Map<TableKeyPart, unknown>();
    const missing = new Map<TableKeyPart, TableKey>();
    for (const key of keys) {
      const id = mapKey(key);
      if (rows.has(id) || missing.has(id)) continue;
      const entry = fresh(id);
      if (entry === undefined) missing.set(id, key);
      else rows.set(id, entry.row);
    }
    if (missing.size > 0) {
      const view = (await table.prepare?.([...missing.values()])) ?? table;
      for (const [id, key] of missing) {
        try {
          const row = copyOf(view.get(key));
          rows.set(id, row);
          keep(id, row);
        } catch (error) {
          failures.set(id, error);
        }
      }
    }
    return new BatchView(rows, failures, table.schema);
  }

  return {
    get schema() {
      return table.schema;
    },
    prepare: (keys) => (keys.length === 0 ? undefined : prepare(keys)),
    get: (key) => fresh(mapKey(key))?.row,
    async close() {
      entries.clear();
      await table.close();
    },
  };
}

class BatchView implements TableView {
  readonly schema: Schema | null | undefined;
  readonly #rows: ReadonlyMap<TableKeyPart, SchemaAndValue | undefined>;
  readonly #failures: ReadonlyMap<TableKeyPart, unknown>;

  constructor(
    rows: ReadonlyMap<TableKeyPart, SchemaAndValue | undefined>,
    failures: ReadonlyMap<TableKeyPart, unknown>,
    schema: Schema | null | undefined,
  ) {
    this.#rows = rows;
    this.#failures = failures;
    this.schema = schema;
  }

  get(key: TableKey): SchemaAndValue | undefined {
    const id = mapKey(key);
    if (this.#failures.has(id)) throw this.#failures.get(id);
    return this.#rows.get(id);
  }
}

/** What a table gives may be filled anew by its next call, and its bytes may be a view. */
function copyOf(row: SchemaAndValue | undefined): SchemaAndValue | undefined {
  return row === undefined ? undefined : { schema: row.schema, value: detach(row.schema, row.value) };
}
