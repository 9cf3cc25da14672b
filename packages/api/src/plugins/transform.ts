import type { ConnectRecord } from '../records/connect-record.ts';

/**
 * Changes records one by one. It never changes the record that it gets: it returns that very object when there is
 * nothing to change, or a new one made with `record.with(…)`.
 *
 * `C` is what `prepare` makes; a transform that never waits has none.
 */
export interface Transform<C = unknown> {
  /**
   * @returns the record to go on with, `null` to drop it.
   * @throws DataError when this record cannot be transformed.
   */
  apply<R extends ConnectRecord>(record: R, context: C | undefined): R | null;

  /**
   * Does the waiting for a whole batch: gets exactly the records that `apply` will get. Returns nothing when there is
   * nothing to wait for; otherwise what it resolves to is given to each `apply` and dropped after the batch. Never
   * rejects because of one record: the `apply` of that record throws then. Rejects when what it asks cannot be
   * reached, and is called again.
   */
  prepare?(records: readonly ConnectRecord[]): Promise<C> | undefined;

  /** May be called more than once. */
  close?(): Promise<void> | void;
}

/** Says which records a transform applies to. */
export interface Predicate {
  test(record: ConnectRecord): boolean;
  close?(): Promise<void> | void;
}
