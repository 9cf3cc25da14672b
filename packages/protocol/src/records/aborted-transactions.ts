import { readControlType } from './control-records.ts';
import type { RecordBatchReader } from './record-batch-reader.ts';

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/**
 * Which batches of one partition's fetched records a consumer with isolation `read_committed` must not see. A producer
 * may have several aborted transactions in one fetch: its batches are skipped from the first offset of each up to the
 * marker that aborted it.
 */
export class AbortedTransactions {
  /** Those not reached yet, the first one last. */
  readonly #ahead: AbortedTransaction[];
  readonly #aborting = new Set<number>();

  /** @param aborted - `abortedTransactions` of the fetch response. */
  constructor(aborted: readonly AbortedTransaction[] | null) {
    this.#ahead = [...(aborted ?? [])].sort((one, other) => other.firstOffset - one.firstOffset);
  }

  /**
   * Whether the batch that the reader just entered is to be skipped; call it for every batch, in order. Control batches
   * always are. (The record of a control batch is read by this.)
   */
  skips(reader: RecordBatchReader): boolean {
    if (reader.producerId >= 0) {
      for (let next = this.#ahead.at(-1); next !== undefined && next.firstOffset <= reader.lastOffset; ) {
        this.#aborting.add(next.producerId);
        this.#ahead.pop();
        next = this.#ahead.at(-1);
      }
      if (reader.isControl) {
        if (reader.next() && readControlType(reader) === 'abort') this.#aborting.delete(reader.producerId);
      } else if (reader.isTransactional && this.#aborting.has(reader.producerId)) {
        return true;
      }
    }
    return reader.isControl;
  }
}
