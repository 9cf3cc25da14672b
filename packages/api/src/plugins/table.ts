import type { Logger } from '../log/logger.ts';
import type { Schema } from '../schema/schema.ts';
import type { SchemaAndValue } from './converter.ts';

/**
 * One value of a key, in the one form that all types share: an integer is a number where that is safe and a bigint
 * beyond, whether it was an int8, an int64 or a Decimal.
 */
export type TableKeyPart = string | number | bigint | boolean;

/** What a row is found by: one value, or several in the order of the key's fields. */
export type TableKey = TableKeyPart | readonly TableKeyPart[];

/** The rows of a table, or those of them that were asked for. */
export interface TableView {
  /** The schema of the rows: `null` when they have none, `undefined` while it is not known. */
  readonly schema: Schema | null | undefined;

  /**
   * The row of that key, `undefined` when there is none. What is returned belongs to the table and may be filled anew
   * by its next call: take both parts out at once. Nobody changes the value.
   *
   * @throws DataError when this key cannot be looked up.
   */
  get(key: TableKey): SchemaAndValue | undefined;
}

/** Rows that records are joined with. */
export interface Table extends TableView {
  /**
   * Does the waiting for a batch: asks for the rows of these keys in one go. What it resolves to is used for the batch
   * and dropped. Returns nothing (or is left out) when there is nothing to wait for; then `get` is asked directly.
   * Never rejects because of one key: the view's `get` throws then. Rejects when the table cannot be reached, and is
   * called again.
   */
  prepare?(keys: readonly TableKey[]): Promise<TableView> | undefined;

  /** May be called more than once. */
  close(): Promise<void> | void;
}

/** What a transform wants of a table. */
export interface TableSpec {
  /** The configuration of the table, without the prefix that the transform puts before it. */
  readonly config: Readonly<Record<string, string>>;
  /** How many values a key has. */
  readonly keyParts: number;
  /** The outermost fields of a row that are read: others need not be kept. `undefined`: all. */
  readonly fields: readonly string[] | undefined;
}

export interface TableContext {
  readonly log: Logger;
  /** Aborted when the transform has to stop. */
  readonly signal: AbortSignal;
}

/** One kind of table: a file, a compacted topic, a query. */
export interface TableProvider {
  /** What users write to choose it. */
  readonly name: string;
  /**
   * Each `prepare` asks another system, so the transform keeps rows for a while and asks only for those it lacks. Left
   * out: the table has its rows at hand.
   */
  readonly queried?: boolean;
  /**
   * Resolves when the table can be asked; a table that is kept current has all its rows by then.
   *
   * @throws ConfigError with the keys as `config` has them.
   */
  open(spec: TableSpec, context: TableContext): Promise<Table>;
}

/** The kinds of tables that a worker has. */
export interface TableProviders {
  readonly names: readonly string[];
  get(name: string): TableProvider | undefined;
}
