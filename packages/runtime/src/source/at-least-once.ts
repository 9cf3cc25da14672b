import { type SourceRecord, TimeoutError, withDeadline } from '@millrace/api';
import type { Delivery, KafkaError } from '@millrace/kafka';
import { classAt } from '../errors/class-at.ts';
import type { CommittedCallbacks } from './committed-callbacks.ts';
import { OffsetCommitter } from './offset-committer.ts';
import { OffsetTracker } from './offset-tracker.ts';
import { type BatchOwner, PolledBatch } from './polled-batch.ts';
import { RecordAppender } from './record-appender.ts';
import { type RecordFailures, recordFailures } from './record-failures.ts';
import type { DeliveryOptions, SourceDelivery } from './source-delivery.ts';
import type { SourcePartitions } from './source-partitions.ts';
import { transformRecords } from './transform-records.ts';

/** What a record in memory takes besides its key and value (measured: 172 bytes with an offset of its own). */
const recordOverhead = 176;

interface FailedDelivery {
  readonly batch: PolledBatch;
  readonly delivery: Delivery;
  readonly error: KafkaError;
}

/**
 * Sends batch after batch without waiting for acknowledgements, and commits behind them. An offset is committed when its
 * record and all before it of that partition are acknowledged, filtered, or lie in the dead letter queue.
 */
export class AtLeastOnceDelivery implements SourceDelivery, BatchOwner {
  readonly tracker: OffsetTracker = new OffsetTracker();
  readonly partitions: SourcePartitions;
  readonly wantsMetadata: boolean;
  readonly #options: DeliveryOptions;
  readonly #callbacks: CommittedCallbacks;
  readonly #failures: RecordFailures;
  readonly #appender: RecordAppender;
  readonly #committer: OffsetCommitter;
  /** Batches that the task was not told of yet, in the order of polling. */
  readonly #batches: PolledBatch[] = [];
  /** The batch that is being appended. */
  #appending: PolledBatch | undefined;
  readonly #failed: FailedDelivery[] = [];
  readonly #behindLetters = new Set<PolledBatch>();
  #letters: Promise<void> | undefined;
  /** Bytes of records that were delivered and are not told of. */
  #heldBytes = 0;
  #waitsForRoom = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: DeliveryOptions, callbacks: CommittedCallbacks) {
    const { spec, errors } = options;
    this.#options = options;
    this.#callbacks = callbacks;
    this.partitions = options.partitions;
    this.wantsMetadata = callbacks.wantsRecords;
    this.#failures = recordFailures({ errors, fatal: [] });
    this.#appender = new RecordAppender({ ...options, failures: this.#failures, check: () => this.attend() });
    this.#committer = new OffsetCommitter({
      ...options,
      settings: spec.settings,
      tracker: this.tracker,
      callbacks,
    });
  }

  async ready(stopping: AbortSignal): Promise<void> {
    const { attention, producer, spec } = this.#options;
    await this.attend();
    while (this.#heldBytes > spec.settings.bufferBytes && !stopping.aborted) {
      this.#waitsForRoom = true;
      await attention.until();
      this.#waitsForRoom = false;
      await this.attend();
    }
    while (!producer.hasRoom && !stopping.aborted) {
      await attention.until(producer.room());
      await this.attend();
    }
  }

  async attend(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const className = classAt('KAFKA_PRODUCE', this.#options.spec);
    for (let next = this.#failed.shift(); next !== undefined; next = this.#failed.shift()) {
      const { batch, delivery, error } = next;
      for (let index = delivery.start; index < delivery.start + delivery.count; index++) {
        const token = delivery.tokens[index] as number;
        await this.#failures.decide(batch.records[token] as SourceRecord, 'KAFKA_PRODUCE', className, error);
        batch.dropped(token);
      }
    }
  }

  async deliver(records: readonly SourceRecord[]): Promise<void> {
    const { parts } = this.#options;
    const batch = new PolledBatch(records, Date.now(), this);
    this.#batches.push(batch);
    const transformed = await transformRecords(records, {
      ...this.#options,
      chain: parts.chain,
      failures: this.#failures,
    });
    const prepared = await this.#appender.prepare(transformed);
    this.#appending = batch;
    await this.#appender.append(prepared, 0, records.length, batch);
    this.#appending = undefined;
    if (batch.isReleased) return;
    // Its key and value are there twice: as the task gave them, and as bytes.
    batch.held = 2 * batch.weight + records.length * recordOverhead;
    this.#heldBytes += batch.held;
  }

  nothingPolled(): Promise<void> {
    return Promise.resolve();
  }

  rest(): Promise<void> {
    return Promise.resolve();
  }

  async finish(failed: boolean): Promise<void> {
    const { producer, errors, spec, log } = this.#options;
    const milliseconds = spec.settings.offsetFlushTimeoutMs;
    let failure: { readonly error: unknown } | undefined;
    try {
      await withDeadline({ waitingFor: 'the last records to be acknowledged', milliseconds }, async () => {
        await producer.flush();
        if (!failed) await this.attend();
        if (errors.hasPending) await errors.deadLettersWritten();
        await this.#letters;
      });
    } catch (error) {
      if (TimeoutError.isInstance(error)) {
        log.warn(
          `Not every record was acknowledged within offset.flush.timeout.ms (${milliseconds}); those are read again.`,
        );
      } else if (!failed) failure = { error };
    }
    this.#appending?.cut(this.#appender.reached);
    await this.#committer.commit();
    await withDeadline({ waitingFor: 'committed() of the task', milliseconds }, () => this.#callbacks.idle).catch(
      (error: Error) => log.warn(error.message),
    );
    if (failure !== undefined) throw failure.error;
  }

  close(): void {
    this.#committer.close();
  }

  get hasPendingLetters(): boolean {
    return this.#options.errors.hasPending;
  }

  waitsForLetters(batch: PolledBatch): void {
    this.#behindLetters.add(batch);
    this.#letters ??= this.#waitForLetters();
  }

  acknowledged(count: number): void {
    this.#options.metrics.sourceRecordWriteTotal += count;
  }

  settled(count: number): void {
    this.#options.metrics.sourceRecordActiveCount -= count;
  }

  failed(batch: PolledBatch, delivery: Delivery, error: KafkaError): void {
    this.#failed.push({ batch, delivery, error });
    this.#options.attention.ask();
  }

  /** Tells of batches in the order of polling. */
  done(): void {
    while (this.#batches[0]?.outstanding === 0) {
      const batch = this.#batches.shift() as PolledBatch;
      if (this.wantsMetadata) {
        void this.#callbacks.records(batch.records, batch.metadata).then(() => this.#release(batch));
      } else {
        this.#release(batch);
      }
    }
  }

  #release(batch: PolledBatch): void {
    batch.isReleased = true;
    this.#heldBytes -= batch.held;
    if (this.#waitsForRoom) this.#options.attention.ask();
  }

  async #waitForLetters(): Promise<void> {
    const { errors, attention } = this.#options;
    try {
      while (this.#behindLetters.size > 0) {
        // Taken first: what is dropped while this waits has letters of its own.
        const waiting = Array.from(this.#behindLetters, (batch) => ({ batch, dropped: batch.takeBehindLetters() }));
        this.#behindLetters.clear();
        await errors.deadLettersWritten();
        for (const { batch, dropped } of waiting) batch.lettersWritten(dropped);
      }
    } catch (error) {
      this.#failure ??= { error };
      attention.ask();
    } finally {
      this.#letters = undefined;
    }
  }
}
