import {
  abortable,
  MillraceError,
  type OffsetFields,
  type SourceRecord,
  TimeoutError,
  withDeadline,
} from '@millrace/api';
import { KafkaError } from '@millrace/kafka';
import type { ExactlyOnceSpec } from '../task/task-spec.ts';
import type { CommittedCallbacks } from './committed-callbacks.ts';
import { entriesOf } from './offset-committer.ts';
import type { Offsets } from './offset-tracker.ts';
import { OffsetWriter } from './offset-writer.ts';
import { type PreparedBatch, RecordAppender } from './record-appender.ts';
import { type RecordFailures, recordFailures } from './record-failures.ts';
import type { DeliveryOptions, SourceDelivery } from './source-delivery.ts';
import { countCommit, countTransaction } from './source-metrics.ts';
import { type PartOwner, TransactionPart } from './transaction-part.ts';
import type { Boundary, TransactionRequests } from './transaction-requests.ts';
import { transformRecords } from './transform-records.ts';

export interface ExactlyOnceOptions extends DeliveryOptions {
  readonly exactlyOnce: ExactlyOnceSpec;
  readonly boundary: 'poll' | 'interval' | 'connector';
  /** Where the source says itself where transactions end: what it has asked for. */
  readonly transaction: TransactionRequests | undefined;
  /** Of the boundary `interval`. */
  readonly intervalMs: number;
  /** What the definition declares of an offset. */
  readonly offsetFields: OffsetFields;
}

/** What goes into one transaction. */
interface Transaction {
  readonly offsets: Offsets;
  /** Kept only where the task wants to hear of its records. */
  readonly parts: TransactionPart[];
  size: number;
}

/**
 * Records and their offsets in transactions (KIP-618). One central state machine: while transaction n is committed, batch n + 1
 * is polled, transformed and encoded; the producer holds its records until transaction n has ended.
 */
export class ExactlyOnceDelivery implements SourceDelivery, PartOwner {
  readonly wantsMetadata: boolean;
  readonly #options: ExactlyOnceOptions;
  readonly #callbacks: CommittedCallbacks;
  readonly #failures: RecordFailures;
  readonly #appender: RecordAppender;
  readonly #offsetWriter: OffsetWriter;
  #current: Transaction = emptyTransaction();
  /** Whether the producer is inside of a transaction; one that is being committed does not count. */
  #isOpen = false;
  /** Whether a batch is under way: what is in the transaction of it, records or dead letters, lacks its offsets, or its end. */
  #isTorn = false;
  #isAborting = false;
  /** Until the transaction that ends has all its records, and the next one may begin. Never rejects. */
  #closing: Promise<void> = Promise.resolve();
  /** The commit that is under way. Never rejects: what it fails of is kept. */
  #ending: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #lastCommit = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ExactlyOnceOptions, callbacks: CommittedCallbacks) {
    const { errors, exactlyOnce, offsetFields } = options;
    this.#options = options;
    this.#callbacks = callbacks;
    this.wantsMetadata = callbacks.wantsRecords;
    // A dead letter is part of a transaction, and must not get into the one that ends.
    this.#failures = recordFailures({ errors, fatal: ['KAFKA_PRODUCE'], before: () => this.#closed() });
    this.#appender = new RecordAppender({ ...options, failures: this.#failures, check: () => this.#check() });
    this.#offsetWriter = new OffsetWriter({ ...options, topic: exactlyOnce.offsetsTopic, fields: offsetFields });
  }

  /** Begins a transaction where none is open. */
  begin(): void {
    if (this.#isOpen) return;
    this.#options.producer.beginTransaction();
    this.#isOpen = true;
  }

  async ready(stopping: AbortSignal): Promise<void> {
    const { producer, attention } = this.#options;
    await this.#check();
    if (producer.hasRoom) return;
    await this.#ended();
    while (this.#isOpen && !producer.hasRoom && !stopping.aborted) {
      await attention.until(producer.room());
      await this.#check();
    }
  }

  async attend(): Promise<void> {
    await this.#check();
    if (this.#options.boundary === 'interval') await this.#commitIfDue();
  }

  async deliver(records: readonly SourceRecord[]): Promise<void> {
    const { parts, transaction } = this.#options;
    const polledAt = Date.now();
    this.#isTorn = true;
    const transformed = await transformRecords(records, {
      ...this.#options,
      chain: parts.chain,
      failures: this.#failures,
    });
    const batch = await this.#appender.prepare(transformed);
    await this.#closed();
    let start = 0;
    for (let index = 0; transaction?.hasRecords === true && index < records.length; index++) {
      const boundary = transaction.takeRecord(records[index] as SourceRecord);
      if (boundary === undefined) continue;
      await this.#take(batch, new TransactionPart(records, polledAt, start, index + 1, this), start, index + 1);
      start = index + 1;
      await this.#reach(boundary);
      await this.#closed();
    }
    const end = records.length;
    if (start < end) await this.#take(batch, new TransactionPart(records, polledAt, start, end, this), start, end);
    this.#isTorn = false;
    await this.#batchEnded();
  }

  async nothingPolled(): Promise<void> {
    await this.#ended();
    await this.#batchEnded();
  }

  async rest(): Promise<void> {
    await this.#ended();
    await this.#commitAll();
    await this.#ended();
  }

  async finish(failed: boolean): Promise<void> {
    const { spec, log } = this.#options;
    const milliseconds = spec.settings.offsetFlushTimeoutMs;
    clearTimeout(this.#timer);
    try {
      await withDeadline({ waitingFor: 'the last transaction to end', milliseconds }, async () => {
        await this.#ending;
        if (!failed && !this.#isTorn) {
          await this.#check();
          await this.#commitAll();
          await this.#ended();
        }
        if (this.#isOpen) await this.#options.producer.abortTransaction();
        await this.#callbacks.idle;
      });
    } catch (error) {
      if (!failed && !TimeoutError.isInstance(error)) throw this.#explained(error);
      log.warn(`The last transaction did not end in order; what it holds is read again: ${messageOf(error)}`);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  acknowledged(count: number): void {
    this.#options.metrics.sourceRecordWriteTotal += count;
  }

  failed(error: KafkaError): void {
    if (this.#isAborting) return;
    this.#fail(error);
  }

  /** Appends a part of a batch, and takes its offsets along: those of dropped records, too. */
  async #take(batch: PreparedBatch, part: TransactionPart, start: number, end: number): Promise<void> {
    try {
      for (let index = start; index < end; index++) {
        if (batch.records[index] === null) continue;
        this.begin();
        break;
      }
      await this.#appender.append(batch, start, end, part);
    } catch (error) {
      // The commit before may have failed meanwhile, and nobody has heard of it yet.
      throw this.#failure?.error ?? this.#explained(error);
    }
    const { offsets, parts } = this.#current;
    for (let index = start; index < end; index++) {
      const { sourcePartition, sourceOffset } = part.records[index] as SourceRecord;
      const next = index + 1 < end ? part.records[index + 1] : undefined;
      if (sourcePartition === null || next?.sourcePartition === sourcePartition) continue;
      offsets.set(this.#options.partitions.find(sourcePartition), sourceOffset);
    }
    if (this.wantsMetadata) parts.push(part);
    this.#current.size += end - start;
  }

  /** Between two batches: ends the transaction where it is time. */
  async #batchEnded(): Promise<void> {
    const { boundary, transaction } = this.#options;
    if (boundary === 'poll') await this.#commit();
    else if (boundary === 'interval') await this.#commitIfDue();
    else await this.#reach(transaction?.takeBatch());
  }

  /** Where the task rests or ends: what the connector's own boundaries leave open stays open. */
  async #commitAll(): Promise<void> {
    const { transaction } = this.#options;
    if (transaction === undefined) await this.#commit();
    else await this.#reach(transaction.takeBatch());
  }

  async #reach(boundary: Boundary | undefined): Promise<void> {
    if (boundary === 'abort') await this.#abort();
    // Offsets of what was aborted are committed all the same: the task does not want to see it again.
    if (boundary !== undefined) await this.#commit();
  }

  async #commitIfDue(): Promise<void> {
    const { intervalMs, attention } = this.#options;
    const left = this.#lastCommit + intervalMs - Date.now();
    clearTimeout(this.#timer);
    if (left <= 0) await this.#commit();
    // A poll may take longer than the transaction is allowed to be open.
    else if (this.#isOpen || this.#current.offsets.size > 0) this.#timer = setTimeout(() => attention.ask(), left);
  }

  /** Starts to commit; where there is nothing, the task hears of it all the same. */
  async #commit(): Promise<void> {
    await this.#ended();
    this.#lastCommit = Date.now();
    const transaction = this.#current;
    if (!this.#isOpen && transaction.offsets.size === 0) {
      await abortable(this.#callbacks.offsets(), this.#options.signal);
      return;
    }
    this.#current = emptyTransaction();
    const closed = Promise.withResolvers<void>();
    this.#closing = closed.promise;
    this.#ending = this.#end(transaction, closed.resolve)
      .catch((error: unknown) => this.#fail(error))
      .finally(closed.resolve);
  }

  async #end(transaction: Transaction, closed: () => void): Promise<void> {
    const { errors, producer, metrics, signal } = this.#options;
    const started = Date.now();
    try {
      // Whoever is told too slowly holds up the next commit, so that not more and more is kept for it.
      await abortable(this.#callbacks.idle, signal);
      this.begin();
      if (errors.hasPending) await abortable(errors.deadLettersWritten(), signal);
      await this.#offsetWriter.append(transaction.offsets);
      const committed = producer.commitTransaction();
      this.#isOpen = false;
      closed();
      await abortable(committed, signal);
    } catch (error) {
      // There it stays until it is aborted, with what overlaps it.
      this.#isOpen = true;
      countCommit(metrics, Date.now() - started, false);
      throw error;
    }
    this.#offsetWriter.committed(transaction.offsets);
    countCommit(metrics, Date.now() - started, true);
    countTransaction(metrics, transaction.size);
    metrics.sourceRecordActiveCount -= transaction.size;
    await this.#tell(transaction);
  }

  async #tell({ offsets, parts }: Transaction): Promise<void> {
    const { services, log, signal } = this.#options;
    try {
      if (offsets.size > 0) await abortable(services.offsetsCommitted(entriesOf(offsets)), signal);
    } catch (error) {
      log.warn(`The offsets are committed, but the worker could not be told: ${messageOf(error)}`);
    }
    for (const part of parts) void this.#callbacks.records(part.own, part.metadata);
    void this.#callbacks.offsets();
  }

  async #abort(): Promise<void> {
    const { producer, errors, log, signal } = this.#options;
    if (!this.#isOpen) {
      log.warn('The task asked to abort a transaction that is empty; there is nothing to do.');
      return;
    }
    await this.#ended();
    if (errors.hasPending) await abortable(errors.deadLettersWritten(), signal);
    this.#isAborting = true;
    await abortable(producer.abortTransaction(), signal);
    this.#isAborting = false;
    this.#isOpen = false;
    for (const part of this.#current.parts) part.aborted();
  }

  /** Waits until what is appended belongs to the next transaction. */
  async #closed(): Promise<void> {
    await this.#closing;
    await this.#check();
  }

  async #ended(): Promise<void> {
    await this.#ending;
    await this.#check();
  }

  #check(): Promise<void> {
    return this.#failure === undefined ? Promise.resolve() : Promise.reject(this.#failure.error);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error: this.#explained(error) };
    this.#options.attention.ask();
  }

  #explained(error: unknown): unknown {
    if (!KafkaError.isInstance(error)) return error;
    const { exactlyOnce } = this.#options;
    if (error.code === 'PRODUCER_FENCED') {
      return new MillraceError(
        `Another task has taken over the transactional.id ${exactlyOnce.transactionalId}, or a transaction was open for longer than transaction.timeout.ms: this task ends, and what it had not committed is dropped. If no other task runs, raise producer.override.transaction.timeout.ms or let the source return from poll sooner.`,
        { code: error.code, cause: error },
      );
    }
    return new MillraceError(
      `A transaction failed and is aborted; its records are read again: ${error.message} Failures of the producer are not skipped with exactly-once support, whatever errors.tolerance says.`,
      { code: error.code, cause: error },
    );
  }
}

function emptyTransaction(): Transaction {
  return { offsets: new Map(), parts: [], size: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
