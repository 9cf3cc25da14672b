import { nextSequence, type RecordBatchWriter } from '@millrace/protocol';
import { KafkaError } from '../errors.ts';
import type { DeliveryTarget, PartitionAppender } from '../port.ts';
import type { Accumulator } from './accumulator.ts';
import type { Batch } from './batch.ts';

/**
 * The batches of one partition: one open, some ready, some sent. It decides what may be sent next, so that records keep
 * their order and each batch its sequence, whatever fails in between.
 */
export class PartitionQueue implements PartitionAppender {
  readonly topic: string;
  readonly partition: number;
  open: Batch | undefined;
  readonly ready: Batch[] = [];
  /** Full batches of a transaction that may not be sent before the one in front of it has ended. */
  readonly held: Batch[] = [];
  /** In the order of their sequences; the first one is the oldest that is not resolved. */
  readonly sent: Batch[] = [];
  /** A sequence is missing for good: nothing can follow in this epoch. */
  gap = false;
  /**
   * Whether the broker has acknowledged a batch. A broker that does not know a producer yet takes any sequence for its
   * first one: if the first batch were refused and the second one accepted, their order would be lost.
   */
  established = false;
  sequence: number;
  readonly #accumulator: Accumulator;
  #recordStart = 0;

  constructor(topic: string, partition: number, accumulator: Accumulator, sequence: number) {
    this.topic = topic;
    this.partition = partition;
    this.#accumulator = accumulator;
    this.sequence = sequence;
  }

  begin(timestamp: number): RecordBatchWriter {
    this.open ??= this.#accumulator.openBatch(this);
    const writer = this.open.writer!;
    this.#recordStart = writer.position;
    writer.beginRecord(timestamp);
    return writer;
  }

  end(target?: DeliveryTarget, token = 0): void {
    const batch = this.open!;
    const writer = batch.writer!;
    const accumulator = this.#accumulator;
    const bytes = writer.position - this.#recordStart;
    if (bytes > accumulator.limits.maxRequestSize) {
      this.rollback();
      throw new KafkaError(
        'RECORD_TOO_LARGE',
        `A record for ${this.topic}-${this.partition} takes ${bytes} bytes, more than max.request.size (${accumulator.limits.maxRequestSize})`,
      );
    }
    writer.endRecord();
    batch.add(target, token);
    accumulator.grew(batch, writer.position);
    // As Java's: what is full is what has no room for another one like this.
    if (writer.position + bytes > accumulator.limits.batchSize) this.close();
  }

  rollback(): void {
    const batch = this.open;
    if (batch === undefined) return;
    batch.writer!.rollback();
    if (batch.count === 0) {
      this.open = undefined;
      this.#accumulator.discard(this, batch);
    }
  }

  /** Makes the open batch ready to be sent, when that is allowed. */
  close(): void {
    const batch = this.open;
    if (batch === undefined || batch.count === 0) return;
    this.open = undefined;
    batch.state = 'ready';
    this.#accumulator.closed(this, batch);
  }

  /** What to send next, at most `limit` batches being on their way; `resendOnly` while the producer's epoch changes. */
  next(now: number, limit: number, resendOnly: boolean): Batch | undefined {
    const [oldest] = this.sent;
    if (oldest !== undefined && this.sent.some((batch) => batch.state === 'waiting')) {
      return oldest.state === 'waiting' && oldest.retryAt <= now && !this.gap ? oldest : undefined;
    }
    if (resendOnly || this.gap || this.sent.length >= (this.established ? limit : 1)) return undefined;
    const [next] = this.ready;
    return next !== undefined && next.retryAt <= now ? next : undefined;
  }

  /** A ready batch takes its place in the order; what {@link next} returned is sent now. */
  start(batch: Batch): void {
    if (batch.state === 'ready') {
      this.ready.shift();
      this.sent.push(batch);
      batch.sequence = this.sequence;
      this.sequence = nextSequence(this.sequence, batch.count);
    }
    batch.state = 'inFlight';
    batch.attempts++;
  }

  retry(batch: Batch, at: number): void {
    batch.state = 'waiting';
    batch.retryAt = at;
  }

  /** Takes a batch out that is acknowledged. */
  resolve(batch: Batch): void {
    const at = this.sent.indexOf(batch);
    if (at >= 0) this.sent.splice(at, 1);
  }

  /** Takes a batch out that the broker certainly does not have: those behind it move up. */
  reject(batch: Batch): void {
    const at = this.sent.indexOf(batch);
    if (at < 0) {
      const queued = this.ready.indexOf(batch);
      if (queued >= 0) this.ready.splice(queued, 1);
      return;
    }
    this.sent.splice(at, 1);
    for (const later of this.sent.slice(at)) later.sequence = earlierSequence(later.sequence, batch.count);
    this.sequence = earlierSequence(this.sequence, batch.count);
  }

  /** Puts the parts of a batch that was too large into its place; their sequences together are those of the whole. */
  replace(batch: Batch, parts: readonly Batch[]): void {
    let { sequence } = batch;
    for (const part of parts) {
      part.state = 'waiting';
      part.sequence = sequence;
      sequence = nextSequence(sequence, part.count);
    }
    this.sent.splice(this.sent.indexOf(batch), 1, ...parts);
  }

  /** Begins anew at sequence 0, in a new epoch. Nothing is in flight. */
  restartSequences(): void {
    this.gap = false;
    this.sequence = 0;
    for (const batch of this.sent) {
      batch.sequence = this.sequence;
      this.sequence = nextSequence(this.sequence, batch.count);
    }
  }

  get idle(): boolean {
    return this.ready.length === 0 && this.sent.length === 0;
  }
}

function earlierSequence(sequence: number, records: number): number {
  return sequence >= records ? sequence - records : sequence + 0x80000000 - records;
}
