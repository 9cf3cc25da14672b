import {
  type AbortedTransaction,
  AbortedTransactions,
  batchField,
  batchLastOffset,
  batchSize,
  RecordBatchReader,
} from '@millrace/protocol';
import type { FetchedRecords } from '../port.ts';
import { partitionKey } from '../topic-partitions.ts';

interface Chunk {
  readonly records: Buffer;
  readonly aborted: readonly AbortedTransaction[] | null;
  readonly endOffset: number;
}

export interface PartitionStateOptions {
  readonly checkCrcs: boolean;
  /** A chunk was read to its end. */
  readonly onConsumed: (state: PartitionState) => void;
}

/** One partition of a reader: where it is, what was fetched, and the cursor over that. Without I/O. */
export class PartitionState implements FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly record: RecordBatchReader;
  /** The offset of the next record for the caller; `undefined` while it has to be looked up. */
  position: number | undefined;
  /** The offset to fetch next, behind what is buffered. */
  fetchOffset = -1;
  /** Where to begin while there is no position. */
  reset: 'earliest' | 'latest' | 'policy' = 'policy';
  paused = false;
  assigned = true;
  /** The broker that it is fetched from. */
  node: number | undefined;
  /** Until when that is a follower near by; `undefined` for the leader. */
  followerUntil: number | undefined;
  leaderEpoch = -1;
  /** The epoch in which the record before `fetchOffset` was written: the broker compares it with its log (KIP-320). */
  lastEpoch = -1;
  endOffset = -1;
  bufferedBytes = 0;
  /** What the reader counts of them against its bound. */
  countedBytes = 0;
  readonly #chunks: Chunk[] = [];
  readonly #onConsumed: (state: PartitionState) => void;
  #current: Chunk | undefined;
  #aborted: AbortedTransactions = new AbortedTransactions(null);
  #skipping = true;

  constructor(topic: string, partition: number, options: PartitionStateOptions) {
    this.topic = topic;
    this.partition = partition;
    this.key = partitionKey(topic, partition);
    this.record = new RecordBatchReader({ checksums: options.checkCrcs });
    this.#onConsumed = options.onConsumed;
  }

  get hasRecords(): boolean {
    return this.#chunks.length > 0;
  }

  next(): boolean {
    const { record } = this;
    while (!this.paused && this.position !== undefined) {
      if (this.#current === undefined && !this.#nextChunk()) return false;
      if (!this.#skipping && record.next()) {
        if (record.offset < this.position) continue;
        this.position = record.offset + 1;
        // The last one of what was fetched: the next poll need not come back to it.
        if (this.position === this.fetchOffset) this.#finishChunk();
        return true;
      }
      if (record.nextOffset > this.position) this.position = record.nextOffset;
      if (!record.nextBatch()) {
        this.#finishChunk();
        continue;
      }
      this.#skipping = this.#aborted.skips(record) || record.lastOffset < this.position;
    }
    return false;
  }

  /** Takes in what was fetched from `fetchOffset` on. */
  push(records: Buffer, aborted: readonly AbortedTransaction[] | null, endOffset: number): void {
    let next = this.fetchOffset;
    for (let start = 0; start + 61 <= records.length; ) {
      const size = batchSize(records, start);
      if (size < 61 || start + size > records.length) break;
      next = Math.max(next, batchLastOffset(records, start) + 1);
      this.lastEpoch = records.readInt32BE(start + batchField.partitionLeaderEpoch);
      start += size;
    }
    this.endOffset = endOffset;
    if (next === this.fetchOffset) return;
    this.fetchOffset = next;
    this.#chunks.push({ records, aborted, endOffset });
    this.bufferedBytes += records.length;
  }

  /** Goes on from another offset; what was fetched is dropped. */
  moveTo(offset: number | undefined, lastEpoch = -1): void {
    this.position = offset;
    this.lastEpoch = lastEpoch;
    this.fetchOffset = offset ?? -1;
    this.#chunks.length = 0;
    this.#current = undefined;
    this.bufferedBytes = 0;
    this.endOffset = -1;
  }

  #nextChunk(): boolean {
    const [chunk] = this.#chunks;
    if (chunk === undefined) return false;
    this.#current = chunk;
    this.#aborted = new AbortedTransactions(chunk.aborted);
    this.#skipping = true;
    this.record.reset(chunk.records);
    return true;
  }

  #finishChunk(): void {
    const chunk = this.#current;
    this.#current = undefined;
    if (chunk === undefined) return;
    this.#chunks.shift();
    this.bufferedBytes -= chunk.records.length;
    this.#onConsumed(this);
  }
}
