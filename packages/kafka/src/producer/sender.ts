import { describeErrorCode, errorCode, produce, type Response, setBatchProducerState } from '@millrace/protocol';
import type { BrokerConnection } from '../cluster/broker-connection.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { backoff } from '../cluster/waiting.ts';
import { asKafkaError, FencedError, KafkaError, responseError } from '../errors.ts';
import type { ProducerSettings } from '../settings/read-settings.ts';
import { byTopic, partitionKey } from '../topic-partitions.ts';
import type { Accumulator } from './accumulator.ts';
import type { Batch } from './batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { splitBatch } from './split-batch.ts';
import { type TransactionState, transactionError } from './transaction-state.ts';
import { type ProducerIdentity, type TransactionRequests, transactionPause } from './transactions.ts';

export interface SenderOptions {
  readonly cluster: Cluster;
  readonly settings: ProducerSettings;
  readonly accumulator: Accumulator;
  readonly transaction: { readonly state: TransactionState; readonly requests: TransactionRequests } | undefined;
  /** A batch is acknowledged or has failed. */
  readonly onSettled: (batch: Batch) => void;
  /** A batch is replaced by others. */
  readonly onSplit: (batch: Batch, parts: readonly Batch[]) => void;
  /** The producer cannot go on. */
  readonly onFatal: (error: KafkaError) => void;
}

interface Part {
  readonly queue: PartitionQueue;
  readonly batch: Batch;
}

type PartitionResponse = Response<typeof produce>['responses'][number]['partitionResponses'][number];

/**
 * Sends ready batches to the leaders of their partitions and deals with the answers. One state machine over all
 * partitions, because the epoch of the producer is common to them; what a single partition may do is decided by its queue.
 */
export class Sender {
  /** Of an idempotent producer; `undefined` before it is known. Nothing is sent meanwhile. */
  identity: ProducerIdentity | undefined;
  idempotent: boolean;
  readonly #options: SenderOptions;
  readonly #inFlight = new Map<number, number>();
  readonly #adding = new Set<string>();
  readonly #quietWaiters = new Set<() => void>();
  /** A new epoch is wanted as soon as nothing is on its way. */
  #bumpWanted = false;
  #requests = 0;
  #pumpScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.idempotent = options.settings.idempotent;
  }

  /** Sends what can be sent, once the caller is done with what it does now. */
  wake(): void {
    if (this.#pumpScheduled || this.#stopped) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  /** Sees to it that batches are looked after at that time. */
  wakeAt(time: number): void {
    if (this.#stopped || time >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = time;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY;
        this.#pump();
      },
      Math.max(0, time - Date.now()),
    );
  }

  /** Fails everything that is not resolved. */
  failAll(error: KafkaError): void {
    const { accumulator } = this.#options;
    for (const queue of accumulator.queues()) {
      queue.close();
      for (const batch of [...queue.sent, ...queue.ready, ...queue.held]) this.#settle(queue, batch, error);
      queue.sent.length = 0;
      queue.ready.length = 0;
      queue.held.length = 0;
    }
    accumulator.sendable.clear();
  }

  /** Fails what waits for the end of a transaction that cannot be committed. */
  dropHeld(error: KafkaError): void {
    const { accumulator } = this.#options;
    accumulator.closeAll();
    for (const queue of accumulator.queues()) {
      for (const batch of queue.held.splice(0)) this.#settle(queue, batch, error);
    }
  }

  /** Fails what was never sent, and what would have to be sent again. Says whether the outcome of something is unknown. */
  dropUnsent(error: KafkaError): boolean {
    let uncertain = false;
    for (const queue of this.#options.accumulator.queues()) {
      queue.close();
      for (const batch of [...queue.sent, ...queue.ready]) {
        if (batch.state === 'inFlight') continue;
        if (batch.state === 'waiting') uncertain = true;
        queue.resolve(batch);
        this.#settle(queue, batch, error);
      }
      queue.ready.length = 0;
    }
    return uncertain;
  }

  /** Begins anew with another epoch; nothing is on its way. */
  restart(identity: ProducerIdentity): void {
    this.identity = identity;
    for (const queue of this.#options.accumulator.queues()) queue.restartSequences();
  }

  /** Resolves when no request is on its way. */
  async quiet(): Promise<void> {
    if (this.#requests === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#quietWaiters.add(resolve);
    await promise;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #pump(): void {
    if (this.#stopped) return;
    const { accumulator, settings, cluster } = this.#options;
    const now = Date.now();
    accumulator.closeDue(now);
    const due = accumulator.nextDue();
    if (due !== undefined) this.wakeAt(due);
    if (this.idempotent && this.identity === undefined) {
      for (const queue of accumulator.sendable) this.#expire(queue, now);
      if (accumulator.sendable.size > 0) this.wakeAt(now + settings.retryBackoffMaxMs);
      return;
    }
    if (this.#bumpWanted) this.#bumpEpoch();

    // Without sequences a second batch could overtake the first one when that is sent again.
    const limit = this.idempotent ? settings.maxInFlight : 1;
    const unregistered: PartitionQueue[] = [];
    for (let progress = true; progress; ) {
      progress = false;
      const requests = new Map<number, { parts: Part[]; bytes: number }>();
      for (const queue of accumulator.sendable) {
        if (queue.idle) {
          accumulator.sendable.delete(queue);
          continue;
        }
        this.#expire(queue, now);
        const batch = queue.next(now, limit, this.#bumpWanted);
        if (batch === undefined) {
          const blocked = queue.sent.find(({ state }) => state === 'waiting') ?? queue.ready[0];
          if (blocked !== undefined && blocked.retryAt > now) this.wakeAt(blocked.retryAt);
          continue;
        }
        const leader = cluster.leader(queue.topic, queue.partition);
        if (leader === undefined) {
          batch.retryAt = now + settings.retryBackoffMs;
          this.wakeAt(batch.retryAt);
          void cluster.refresh(queue.topic);
          continue;
        }
        if ((this.#inFlight.get(leader.leader) ?? 0) >= settings.maxInFlight) continue;
        if (!this.#registered(queue)) {
          unregistered.push(queue);
          continue;
        }
        const request = requests.get(leader.leader) ?? { parts: [], bytes: 0 };
        if (request.parts.length > 0 && request.bytes + batch.size > settings.maxRequestSize) continue;
        request.parts.push({ queue, batch });
        request.bytes += batch.size;
        requests.set(leader.leader, request);
      }
      for (const [node, { parts }] of requests) {
        progress = true;
        for (const { queue, batch } of parts) {
          queue.start(batch);
          this.#stamp(batch);
        }
        this.#requests++;
        this.#inFlight.set(node, (this.#inFlight.get(node) ?? 0) + 1);
        void this.#send(node, parts);
      }
    }
    if (unregistered.length > 0) void this.#register(unregistered);
  }

  /** Gives up batches that are older than `delivery.timeout.ms`. */
  #expire(queue: PartitionQueue, now: number): void {
    const latest = now - this.#options.settings.deliveryTimeoutMs;
    for (const batch of queue.sent.filter(({ state, createdAt }) => state !== 'inFlight' && createdAt <= latest)) {
      this.#giveUp(queue, batch);
    }
    // Ready batches are in the order of their creation, and there may be thousands of them.
    for (let oldest = queue.ready[0]; oldest !== undefined && oldest.createdAt <= latest; oldest = queue.ready[0]) {
      this.#giveUp(queue, oldest);
    }
  }

  #giveUp(queue: PartitionQueue, batch: Batch): void {
    const error = new KafkaError(
      'DELIVERY_TIMEOUT',
      `${batch.count} records for ${partitionKey(queue.topic, queue.partition)} were not acknowledged within delivery.timeout.ms (${this.#options.settings.deliveryTimeoutMs})`,
      { retriable: true },
    );
    this.#fail(queue, batch, error, batch.state === 'waiting');
  }

  /** With transaction protocol 1 a partition must be announced before it is written to. */
  #registered(queue: PartitionQueue): boolean {
    const { transaction } = this.#options;
    if (transaction === undefined) return true;
    const { state, requests } = transaction;
    const key = partitionKey(queue.topic, queue.partition);
    if (requests.protocol2) {
      state.begun = true;
      state.partitions.add(key);
    }
    return state.partitions.has(key);
  }

  async #register(queues: readonly PartitionQueue[]): Promise<void> {
    const { transaction } = this.#options;
    const fresh = queues.filter(({ topic, partition }) => !this.#adding.has(partitionKey(topic, partition)));
    if (transaction === undefined || fresh.length === 0 || this.identity === undefined) return;
    const keys = fresh.map(({ topic, partition }) => partitionKey(topic, partition));
    for (const key of keys) this.#adding.add(key);
    this.#requests++;
    try {
      transaction.state.begun = true;
      await transaction.requests.addPartitions(this.identity, fresh);
      for (const key of keys) transaction.state.partitions.add(key);
    } catch (error) {
      this.#failTransaction(asKafkaError(error));
      for (const queue of fresh)
        for (const batch of [...queue.ready]) this.#fail(queue, batch, asKafkaError(error), false);
    } finally {
      for (const key of keys) this.#adding.delete(key);
      this.#requestEnded();
      this.wake();
    }
  }

  /** Writes identity and sequence into a batch that is sent for the first time or whose place has changed. */
  #stamp(batch: Batch): void {
    const { settings, accumulator, transaction } = this.#options;
    const identity = this.idempotent ? this.identity : undefined;
    const producer = identity && { ...identity, baseSequence: batch.sequence };
    if (batch.writer !== undefined) {
      const bytes = batch.writer.finish({
        compression: settings.compression,
        ...(settings.compressionLevel === undefined ? {} : { compressionLevel: settings.compressionLevel }),
        ...(producer === undefined ? {} : { producer }),
        transactional: transaction !== undefined,
      });
      accumulator.finished(batch, bytes);
    } else if (producer !== undefined) {
      setBatchProducerState(batch.bytes!, producer);
    }
    batch.epoch = identity?.producerEpoch ?? -1;
  }

  async #send(node: number, parts: readonly Part[]): Promise<void> {
    const { cluster, settings, transaction } = this.#options;
    try {
      const connection = await cluster.connection(node, 'produce');
      const newest = connection.requireVersion(produce);
      const version = transaction !== undefined && !transaction.requests.protocol2 ? Math.min(newest, 11) : newest;
      const request = {
        transactionalId: settings.transactionalId ?? null,
        acks: settings.acks,
        timeoutMs: settings.requestTimeoutMs,
        topicData: byTopic(
          parts.map(({ queue, batch }) => ({ topic: queue.topic, partition: queue.partition, batch })),
        ).map(([name, entries]) => ({
          name,
          partitionData: entries.map(({ partition, batch }) => ({ index: partition, records: batch.bytes! })),
        })),
      };
      if (settings.acks === 0) {
        connection.sendUnanswered(produce, request);
        for (const { queue, batch } of parts) {
          // The socket may still hold on to the bytes.
          batch.bytes = undefined;
          this.#acknowledge(queue, batch, { baseOffset: -1, timestamp: -1 });
        }
        return;
      }
      for (const { batch } of parts) batch.uncertain = true;
      this.#answered(parts, await connection.send(produce, request, { version }), connection);
    } catch (error) {
      this.#unanswered(parts, asKafkaError(error));
    } finally {
      this.#inFlight.set(node, (this.#inFlight.get(node) ?? 1) - 1);
      this.#requestEnded();
      this.wake();
    }
  }

  #requestEnded(): void {
    if (--this.#requests > 0) return;
    for (const resolve of this.#quietWaiters) resolve();
    this.#quietWaiters.clear();
  }

  #answered(parts: readonly Part[], response: Response<typeof produce>, connection: BrokerConnection): void {
    const answers = new Map<string, PartitionResponse>();
    for (const { name, partitionResponses } of response.responses) {
      for (const answer of partitionResponses) answers.set(partitionKey(name, answer.index), answer);
    }
    for (const { queue, batch } of parts) {
      if (batch.state !== 'inFlight') continue;
      const answer = answers.get(partitionKey(queue.topic, queue.partition));
      if (answer === undefined) {
        const error = new KafkaError('UNKNOWN_SERVER_ERROR', `${connection.address} did not answer for a partition`, {
          retriable: true,
        });
        this.#retry(queue, batch, error);
      } else if (answer.errorCode === errorCode.NONE) {
        this.#acknowledge(queue, batch, { baseOffset: answer.baseOffset, timestamp: answer.logAppendTimeMs });
      } else if (answer.errorCode === errorCode.DUPLICATE_SEQUENCE_NUMBER) {
        this.#acknowledge(queue, batch, { baseOffset: -1, timestamp: -1 });
      } else {
        this.#refused(queue, batch, answer);
      }
    }
  }

  #refused(queue: PartitionQueue, batch: Batch, answer: PartitionResponse): void {
    const { transaction, settings, accumulator } = this.#options;
    const place = partitionKey(queue.topic, queue.partition);
    const error = responseError(answer.errorCode, `records for ${place}`, answer.errorMessage);
    const kind = describeErrorCode(answer.errorCode);
    if (kind.refreshesMetadata) {
      void this.#options.cluster.refresh(queue.topic);
    }
    // The broker says that it did not append this batch now; it may have done so when it was sent before.
    if (batch.attempts === 1) batch.uncertain = false;
    switch (answer.errorCode) {
      case errorCode.MESSAGE_TOO_LARGE:
        if (batch.count > 1) {
          const parts = splitBatch(batch);
          queue.replace(batch, parts);
          for (const part of parts) accumulator.admit(part);
          this.#options.onSplit(batch, parts);
          accumulator.sendable.add(queue);
          accumulator.release(batch);
          return;
        }
        break;
      case errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER:
      case errorCode.UNKNOWN_PRODUCER_ID:
        // One in front of it is not there yet: it waits for its turn.
        if (queue.sent[0] !== batch) {
          this.#retry(queue, batch, error);
          return;
        }
        if (transaction === undefined && this.idempotent) {
          batch.state = 'waiting';
          batch.uncertain = false;
          queue.gap = true;
          this.#bumpWanted = true;
          return;
        }
        break;
      case errorCode.INVALID_PRODUCER_EPOCH:
        if (transaction === undefined && this.idempotent) {
          batch.state = 'waiting';
          queue.gap = true;
          this.#bumpWanted = true;
          return;
        }
        break;
      case errorCode.CONCURRENT_TRANSACTIONS:
        queue.retry(batch, Date.now() + transactionPause(batch.attempts - 1, error, settings));
        this.wakeAt(batch.retryAt);
        return;
      default:
    }
    if (error.retriable) this.#retry(queue, batch, error);
    else this.#fail(queue, batch, error, false);
  }

  #unanswered(parts: readonly Part[], error: KafkaError): void {
    if (error.code !== 'CLOSED') void this.#options.cluster.refresh();
    for (const { queue, batch } of parts) {
      if (batch.state !== 'inFlight') continue;
      if (error.retriable) this.#retry(queue, batch, error);
      else this.#fail(queue, batch, error, batch.uncertain);
    }
  }

  #retry(queue: PartitionQueue, batch: Batch, error: KafkaError): void {
    const { settings, accumulator } = this.#options;
    if (batch.attempts > settings.retries) {
      this.#fail(queue, batch, error, batch.uncertain);
      return;
    }
    queue.retry(batch, Date.now() + backoff(batch.attempts - 1, settings.retryBackoffMs, settings.retryBackoffMaxMs));
    accumulator.sendable.add(queue);
    this.wakeAt(batch.retryAt);
  }

  #acknowledge(queue: PartitionQueue, batch: Batch, result: { baseOffset: number; timestamp: number }): void {
    queue.established = true;
    queue.resolve(batch);
    this.#settle(queue, batch, result);
  }

  #fail(queue: PartitionQueue, batch: Batch, error: KafkaError, uncertain: boolean): void {
    const { transaction, settings } = this.#options;
    if (transaction !== undefined) {
      const meaning = transactionError(error, settings.transactionalId ?? '');
      if (uncertain) queue.resolve(batch);
      else queue.reject(batch);
      this.#settle(queue, batch, meaning);
      this.#failTransaction(meaning);
      return;
    }
    // Whether the broker has it shows when the next one is sent: its sequence fits then, or it is out of order.
    if (uncertain && this.idempotent) queue.resolve(batch);
    else queue.reject(batch);
    this.#settle(queue, batch, error);
  }

  #failTransaction(error: KafkaError): void {
    const { transaction, onFatal } = this.#options;
    if (error instanceof FencedError) onFatal(error);
    else transaction?.state.failInside(error);
  }

  /** The next epoch, once nothing is on its way whose outcome matters for it. */
  #bumpEpoch(): void {
    const { accumulator } = this.#options;
    const { identity } = this;
    if (identity === undefined) return;
    for (const queue of accumulator.queues()) {
      if (queue.sent.some(({ state, uncertain }) => state === 'inFlight' || (uncertain && !queue.gap))) return;
    }
    this.#bumpWanted = false;
    if (identity.producerEpoch < 0x7fff) {
      this.restart({ ...identity, producerEpoch: identity.producerEpoch + 1 });
      for (const queue of accumulator.queues()) if (!queue.idle) accumulator.sendable.add(queue);
      return;
    }
    this.identity = undefined;
    this.#options.onFatal(
      new KafkaError('INVALID_PRODUCER_EPOCH', 'the epochs of the producer id are used up', { retriable: true }),
    );
  }

  #settle(queue: PartitionQueue, batch: Batch, result: { baseOffset: number; timestamp: number } | KafkaError): void {
    const { accumulator, cluster, onSettled } = this.#options;
    batch.settle(queue, result, (error) => {
      cluster.log(
        'error',
        `A delivery target of ${partitionKey(queue.topic, queue.partition)} threw: ${asKafkaError(error).message}`,
      );
    });
    accumulator.release(batch);
    onSettled(batch);
  }
}
