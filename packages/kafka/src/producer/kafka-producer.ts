import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, initProducerId, partitionForKey } from '@millrace/protocol';
import { Cluster } from '../cluster/cluster.ts';
import { sleep, untilAborted } from '../cluster/waiting.ts';
import { AbortableError, asKafkaError, closedError, KafkaError, responseError, timeoutError } from '../errors.ts';
import type {
  CommittedOffset,
  DeliveryTarget,
  GroupMetadata,
  PartitionAppender,
  Producer,
  ProducerRecord,
  RecordMetadata,
} from '../port.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { ProducerSettings } from '../settings/read-settings.ts';
import { Accumulator } from './accumulator.ts';
import type { Batch } from './batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { Sender } from './sender.ts';
import { isFatal, TransactionState } from './transaction-state.ts';
import { TransactionRequests } from './transactions.ts';

/**
 * With transaction protocol 2 the end is answered before its markers are written. A record that comes earlier than they do waits
 * in the broker for 20 ms (`add.partitions.to.txn.retry.backoff.ms`): a moment here saves most of that.
 */
const markerPauseMs = 1;

export interface ProducerOptions {
  readonly settings: ProducerSettings;
  readonly log: KafkaLog;
  /** Where the sequences of partitions begin; only tests of their end begin anywhere but at 0. */
  readonly firstSequence?: number;
}

/** {@link Producer} over our own requests. */
export class KafkaProducer implements Producer {
  readonly #settings: ProducerSettings;
  readonly #cluster: Cluster;
  readonly #accumulator: Accumulator;
  readonly #sender: Sender;
  readonly #transaction: { readonly state: TransactionState; readonly requests: TransactionRequests } | undefined;
  readonly #sticky = new Map<string, PartitionQueue>();
  readonly #loading = new Map<string, Promise<number>>();
  readonly #flushes = new Set<{ readonly batches: Set<Batch>; readonly resolve: () => void }>();
  readonly #roomWaiters = new Set<() => void>();
  #fatal: KafkaError | undefined;
  #identifying = false;
  /** The commit that is under way; never rejects. */
  #committing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: ProducerOptions) {
    const { settings, log, firstSequence } = options;
    this.#settings = settings;
    this.#cluster = new Cluster(settings, log);
    this.#transaction =
      settings.transactionalId === undefined
        ? undefined
        : {
            state: new TransactionState(),
            requests: new TransactionRequests(this.#cluster, settings, settings.transactionalId),
          };
    this.#accumulator = new Accumulator({
      limits: settings,
      now: Date.now,
      check: () => this.#check(),
      onReady: () => this.#sender.wake(),
      onOpened: () => this.#sender.wakeAt(Date.now() + settings.lingerMs),
      ...(firstSequence === undefined ? {} : { firstSequence }),
    });
    this.#sender = new Sender({
      cluster: this.#cluster,
      settings,
      accumulator: this.#accumulator,
      transaction: this.#transaction,
      onSettled: (batch) => this.#settled(batch),
      onSplit: (batch, parts) => {
        for (const { batches } of this.#flushes) if (batches.delete(batch)) for (const part of parts) batches.add(part);
      },
      onFatal: (error) => this.#fail(error),
    });
  }

  get hasRoom(): boolean {
    return this.#accumulator.hasRoom;
  }

  partitionCount(topic: string): number | undefined {
    const known = this.#cluster.metadata.topics.get(topic);
    return known === undefined || known.errorCode !== errorCode.NONE ? undefined : known.partitions.size;
  }

  async loadTopic(topic: string): Promise<number> {
    this.#identify();
    // Whoever comes while it is looked for waits for the same answer: nobody overtakes who came first.
    const known = this.#loading.has(topic) ? undefined : this.partitionCount(topic);
    if (known !== undefined) return known;
    let loading = this.#loading.get(topic);
    if (loading === undefined) {
      loading = this.#findTopic(topic).finally(() => this.#loading.delete(topic));
      this.#loading.set(topic, loading);
    }
    return await loading;
  }

  partitionFor(topic: string, key: Uint8Array | null, start?: number, end?: number): number {
    const count = this.partitionCount(topic);
    if (count === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic ${topic} was not loaded`, { retriable: true });
    if (key !== null) return partitionForKey(count, key, start ?? 0, end ?? key.length);
    const current = this.#sticky.get(topic);
    if (current?.open !== undefined) return current.partition;
    const next = current === undefined ? Math.floor(Math.random() * count) : (current.partition + 1) % count;
    this.#sticky.set(topic, this.#accumulator.queue(topic, next));
    return next;
  }

  appender(topic: string, partition: number): PartitionAppender {
    this.#identify();
    return this.#accumulator.queue(topic, partition);
  }

  async room(): Promise<void> {
    if (this.hasRoom) return;
    this.#accumulator.closeAll();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#roomWaiters.add(resolve);
    const { maxBlockMs } = this.#settings;
    const timer = setTimeout(
      () => reject(timeoutError('Waiting for room in buffer.memory', maxBlockMs)),
      Math.min(maxBlockMs, 0x7fffffff),
    );
    try {
      await untilAborted(promise, this.#cluster.signal);
    } finally {
      clearTimeout(timer);
      this.#roomWaiters.delete(resolve);
    }
    this.#check();
  }

  async send(record: ProducerRecord): Promise<RecordMetadata> {
    const { topic, key = null, value = null } = record;
    await this.loadTopic(topic);
    while (!this.hasRoom) await this.room();
    const partition = record.partition ?? this.partitionFor(topic, key);
    const { promise, resolve, reject } = Promise.withResolvers<RecordMetadata>();
    const timestamp = record.timestamp ?? Date.now();
    const target: DeliveryTarget = {
      acknowledged: ({ baseOffset, start, timestamp: appended }) =>
        resolve({
          topic,
          partition,
          offset: baseOffset < 0 ? -1 : baseOffset + start,
          timestamp: appended < 0 ? timestamp : appended,
        }),
      failed: (_delivery, error) => reject(error),
    };
    const appender = this.appender(topic, partition);
    const writer = appender.begin(timestamp);
    try {
      writer.key(key);
      writer.value(value);
      if (record.headers !== undefined && record.headers.length > 0) {
        writer.headers(record.headers.length);
        for (const header of record.headers) writer.header(header.name, header.value);
      }
    } catch (error) {
      appender.rollback();
      throw error;
    }
    appender.end(target);
    return await promise;
  }

  async flush(): Promise<void> {
    this.#accumulator.closeAll();
    this.#sender.wake();
    const batches = new Set(this.#accumulator.incomplete);
    if (batches.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#flushes.add({ batches, resolve });
    await promise;
  }

  async initTransactions(): Promise<void> {
    const { state, requests } = this.#requireTransaction();
    if (state.phase !== 'uninitialized') state.initialized();
    try {
      this.#sender.identity = await requests.initialize();
    } catch (error) {
      throw this.#failed(error);
    }
    state.initialized();
  }

  beginTransaction(): void {
    this.#requireTransaction().state.begin();
  }

  async sendOffsets(offsets: readonly CommittedOffset[], group: GroupMetadata): Promise<void> {
    const { state, requests } = this.#requireTransaction();
    state.checkOpen('sendOffsets');
    if (offsets.length === 0) return;
    const identity = this.#sender.identity!;
    try {
      state.begun = true;
      if (!requests.protocol2 && !state.groups.has(group.groupId)) {
        await requests.addGroup(identity, group.groupId);
        state.groups.add(group.groupId);
      }
      await requests.commitOffsets(identity, offsets, group);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async commitTransaction(): Promise<void> {
    const { state } = this.#requireTransaction();
    state.beginCommit();
    // Before anything is awaited: what is appended later belongs to the next transaction.
    const flushed = this.flush();
    this.#accumulator.hold();
    const committed = this.#commit(flushed, state);
    this.#committing = committed.catch(() => undefined);
    await committed;
  }

  async abortTransaction(): Promise<void> {
    const { state, requests } = this.#requireTransaction();
    // A commit cannot be called back. When it is over, what has overlapped it is the transaction that is aborted.
    if (state.phase === 'committing' || state.phase === 'overlapping') await this.#committing;
    const failedBefore = state.phase === 'abortable';
    state.beginAbort();
    const uncertain = this.#sender.dropUnsent(new KafkaError('TRANSACTION_ABORTED', 'The transaction was aborted'));
    await this.#sender.quiet();
    // What was on its way may have come back to be sent again.
    const late = this.#sender.dropUnsent(new KafkaError('TRANSACTION_ABORTED', 'The transaction was aborted'));
    // Failures of what was on its way belong to the transaction that ends now.
    if (state.phase === 'abortable') state.beginAbort();
    await this.#endTransaction(false);
    if (!requests.protocol2 && (failedBefore || uncertain || late)) {
      // A request of this transaction that arrives late must not become part of the next one.
      try {
        this.#sender.restart(await requests.initialize(this.#sender.identity));
      } catch (error) {
        throw this.#failed(error);
      }
    }
  }

  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? 30_000);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const stop = new AbortController();
    const work = async (): Promise<void> => {
      await this.#committing;
      if (this.#fatal !== undefined) return;
      const phase = this.#transaction?.state.phase;
      if (phase === 'open' || phase === 'abortable') await this.abortTransaction();
      else await this.flush();
    };
    try {
      await Promise.race([work(), sleep(timeoutMs, stop.signal)]);
    } catch (error) {
      this.#cluster.log(
        'warn',
        `The producer ${this.#settings.clientId} did not end in order: ${asKafkaError(error).message}`,
      );
    } finally {
      stop.abort();
      this.#fatal ??= closedError('the producer');
      this.#sender.failAll(this.#fatal);
      this.#sender.stop();
      this.#cluster.close();
    }
  }

  async #commit(flushed: Promise<void>, state: TransactionState): Promise<void> {
    try {
      await flushed;
      state.checkCommits();
      await this.#endTransaction(true);
    } catch (error) {
      this.#sender.dropHeld(
        new KafkaError('TRANSACTION_ABORTED', 'The transaction before this one could not be committed'),
      );
      throw error;
    } finally {
      this.#accumulator.letGo();
    }
  }

  async #endTransaction(committed: boolean): Promise<void> {
    const { state, requests } = this.#requireTransaction();
    const identity = this.#sender.identity;
    try {
      if (state.begun && identity !== undefined) {
        const next = await requests.end(identity, committed);
        if (requests.protocol2) {
          this.#sender.restart(next);
          await pause(markerPauseMs);
        }
      }
    } catch (error) {
      throw this.#failed(error);
    }
    state.ended();
  }

  async #findTopic(topic: string): Promise<number> {
    const { partitions } = await this.#cluster.retry(
      `Metadata of topic ${topic}`,
      () => this.#cluster.topic(topic, { create: true }),
      { deadlineMs: this.#settings.maxBlockMs },
    );
    return partitions.size;
  }

  #requireTransaction(): { readonly state: TransactionState; readonly requests: TransactionRequests } {
    if (this.#fatal !== undefined) throw this.#fatal;
    if (this.#transaction !== undefined) return this.#transaction;
    throw new KafkaError('INVALID_TXN_STATE', 'The producer has no transactional.id');
  }

  /** Remembers what an error means for the producer, and gives what the caller is to see. */
  #failed(thrown: unknown): KafkaError {
    const error = asKafkaError(thrown);
    if (isFatal(error)) this.#fail(error);
    else if (this.#transaction !== undefined) {
      if (error instanceof AbortableError || this.#transaction.state.phase !== 'uninitialized')
        this.#transaction.state.failInside(error);
    }
    return error;
  }

  #fail(error: KafkaError): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = error;
    this.#transaction?.state.failForGood(error);
    this.#sender.failAll(error);
  }

  #check(): void {
    if (this.#fatal !== undefined) throw this.#fatal;
    this.#transaction?.state.checkTakesRecords('Appending a record');
  }

  #settled(batch: Batch): void {
    for (const flush of this.#flushes) {
      if (flush.batches.delete(batch) && flush.batches.size === 0) {
        this.#flushes.delete(flush);
        flush.resolve();
      }
    }
    if (this.#roomWaiters.size > 0 && this.hasRoom) {
      for (const resolve of this.#roomWaiters) resolve();
      this.#roomWaiters.clear();
    }
  }

  /** Gets a producer id for idempotence, once; transactional producers get theirs by `initTransactions`. */
  #identify(): void {
    if (this.#identifying || this.#transaction !== undefined || !this.#sender.idempotent) return;
    this.#identifying = true;
    const request = async (): Promise<void> => {
      const response = await this.#cluster.request('any', initProducerId, {
        transactionalId: null,
        transactionTimeoutMs: 0x7fffffff,
      });
      if (response.errorCode !== errorCode.NONE) throw responseError(response.errorCode, 'a producer id');
      this.#sender.identity = { producerId: response.producerId, producerEpoch: response.producerEpoch };
    };
    void this.#cluster
      .retry('InitProducerId', request, { deadlineMs: Number.MAX_SAFE_INTEGER })
      .catch((thrown: unknown) => {
        const error = asKafkaError(thrown);
        if (error.code === 'CLUSTER_AUTHORIZATION_FAILED' || error.code === 'UNSUPPORTED_VERSION') {
          this.#cluster.log(
            'warn',
            `Producer ${this.#settings.clientId}: the cluster denies idempotent writes (${error.code}); one batch is sent at a time per partition, and a retry may write it twice.`,
          );
          this.#sender.idempotent = false;
        } else if (!this.#cluster.signal.aborted) {
          this.#fail(error);
        }
      })
      .finally(() => this.#sender.wake());
  }
}
