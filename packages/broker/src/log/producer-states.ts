import { RequestError } from '../request-error.ts';
import { type BatchInfo, isTransactional, lastSequenceOf } from './batch-info.ts';

/** As many batches as an idempotent producer may have in flight. */
const keptBatches = 5;

interface AppendedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly timestamp: number;
}

/** What is known about one producer on one partition. */
interface ProducerEntry {
  epoch: number;
  /** The last ones, oldest first, all of this epoch. */
  batches: AppendedBatch[];
  coordinatorEpoch: number;
  lastTimestamp: number;
  /** First offset of its open transaction. */
  transactionStart: number | null;
}

/** A transaction that was aborted: consumers with isolation `read_committed` skip its records. */
export interface AbortedRange {
  readonly producerId: number;
  readonly firstOffset: number;
  /** That of the marker. */
  readonly lastOffset: number;
}

export interface ProducerSnapshot {
  readonly producers: readonly (readonly [number, ProducerEntry])[];
  readonly aborted: readonly AbortedRange[];
}

export interface TransactionEnd {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly committed: boolean;
  readonly offset: number;
  readonly timestamp: number;
}

export interface ActiveProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnStartOffset: number;
}

/**
 * Producers of one partition: their sequences, so that no batch is appended twice or out of order, their epochs, so that
 * zombies are refused, and their open and aborted transactions. Built from the log alone; it does no I/O.
 */
export class ProducerStates {
  readonly #producers = new Map<number, ProducerEntry>();
  #aborted: AbortedRange[] = [];

  /**
   * Says whether a batch may be appended.
   * @returns the batch that was appended before, when this is a copy of it.
   */
  check(batch: BatchInfo): AppendedBatch | undefined {
    const entry = this.#producers.get(batch.producerId);
    if (entry === undefined) return undefined;
    const { producerId, producerEpoch, baseSequence } = batch;
    if (producerEpoch < entry.epoch) {
      throw new RequestError(
        'INVALID_PRODUCER_EPOCH',
        `producer ${producerId} has epoch ${producerEpoch}, but epoch ${entry.epoch} has written since`,
      );
    }
    if (producerEpoch > entry.epoch) {
      if (baseSequence !== 0) throw outOfOrder(batch, 0);
      return undefined;
    }
    const lastSequence = lastSequenceOf(batch);
    const same = entry.batches.find(
      (appended) => appended.firstSequence === baseSequence && appended.lastSequence === lastSequence,
    );
    if (same !== undefined) return same;
    const previous = entry.batches.at(-1);
    const expected = previous === undefined ? 0 : (previous.lastSequence + 1) % 0x8000_0000;
    if (baseSequence !== expected) throw outOfOrder(batch, expected);
    return undefined;
  }

  /** Takes note of a batch of records that is in the log. */
  append(batch: BatchInfo, baseOffset: number): void {
    if (batch.producerId < 0) return;
    const entry = this.#entry(batch.producerId, batch.producerEpoch);
    entry.batches.push({
      firstSequence: batch.baseSequence,
      lastSequence: lastSequenceOf(batch),
      baseOffset,
      timestamp: batch.maxTimestamp,
    });
    if (entry.batches.length > keptBatches) entry.batches.shift();
    entry.lastTimestamp = Math.max(entry.lastTimestamp, batch.maxTimestamp);
    if (isTransactional(batch)) entry.transactionStart ??= baseOffset;
  }

  /** Takes note of a marker that is in the log. */
  end(marker: TransactionEnd): void {
    const entry = this.#entry(marker.producerId, marker.producerEpoch);
    entry.coordinatorEpoch = marker.coordinatorEpoch;
    entry.lastTimestamp = Math.max(entry.lastTimestamp, marker.timestamp);
    if (entry.transactionStart === null) return;
    if (!marker.committed) {
      const { producerId, offset } = marker;
      this.#aborted.push({ producerId, firstOffset: entry.transactionStart, lastOffset: offset });
    }
    entry.transactionStart = null;
  }

  /** The first offset of a transaction that is still open. */
  firstOpenOffset(): number | undefined {
    let first: number | undefined;
    for (const { transactionStart } of this.#producers.values()) {
      if (transactionStart !== null && (first === undefined || transactionStart < first)) first = transactionStart;
    }
    return first;
  }

  /** Aborted transactions with records in `[from, to)`. */
  abortedIn(from: number, to: number): AbortedRange[] {
    if (this.#aborted.length === 0) return [];
    return this.#aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to);
  }

  active(): ActiveProducer[] {
    return [...this.#producers].map(([producerId, entry]) => ({
      producerId,
      producerEpoch: entry.epoch,
      lastSequence: entry.batches.at(-1)?.lastSequence ?? -1,
      lastTimestamp: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnStartOffset: entry.transactionStart ?? -1,
    }));
  }

  /** Forgets producers that were last seen before `time`, and aborted transactions whose records are gone. */
  forget(time: number, logStartOffset: number): void {
    for (const [producerId, entry] of this.#producers) {
      if (entry.transactionStart === null && entry.lastTimestamp < time) this.#producers.delete(producerId);
    }
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset >= logStartOffset);
  }

  snapshot(): ProducerSnapshot {
    return { producers: [...this.#producers], aborted: this.#aborted };
  }

  restore(snapshot: ProducerSnapshot): void {
    this.#producers.clear();
    for (const [producerId, entry] of snapshot.producers) {
      this.#producers.set(producerId, { ...entry, batches: [...entry.batches] });
    }
    this.#aborted = [...snapshot.aborted];
  }

  #entry(producerId: number, epoch: number): ProducerEntry {
    let entry = this.#producers.get(producerId);
    if (entry === undefined) {
      entry = { epoch, batches: [], coordinatorEpoch: -1, lastTimestamp: -1, transactionStart: null };
      this.#producers.set(producerId, entry);
    } else if (entry.epoch !== epoch) {
      entry.epoch = epoch;
      entry.batches = [];
    }
    return entry;
  }
}

function outOfOrder(batch: BatchInfo, expected: number): RequestError {
  return new RequestError(
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    `producer ${batch.producerId} (epoch ${batch.producerEpoch}) sent sequence ${batch.baseSequence}; ${expected} is next`,
  );
}
