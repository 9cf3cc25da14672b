import { setImmediate } from 'node:timers/promises';
import {
  abortable,
  type Logger,
  MillraceError,
  RetriableError,
  type SinkTask,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@millrace/api';
import { type FetchedRecords, type GroupConsumer, KafkaError, type Subscription } from '@millrace/kafka';
import type { TaskErrors } from '../errors/task-errors.ts';
import type { TaskObserver, TaskParts } from '../task/task-runner.ts';
import type { SinkConsumer } from './consumer-settings.ts';
import type { ErrantReports } from './errant-reports.ts';
import type { FetchedBatch } from './fetched-batch.ts';
import { PartitionPauses, whileAssigned } from './partition-pauses.ts';
import { RecordDecoder } from './record-decoder.ts';
import type { RecordErrors } from './record-errors.ts';
import { type Delivery, RecordIntake } from './record-intake.ts';
import { SinkCommits } from './sink-commits.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import { partitionKey, SinkPartition, SinkPartitions } from './sink-partitions.ts';
import { Turns } from './turns.ts';

export interface SinkPipelineOptions {
  readonly name: string;
  readonly task: SinkTask;
  readonly consumer: GroupConsumer;
  readonly consumerOptions: SinkConsumer;
  readonly subscription: Subscription;
  readonly parts: TaskParts;
  readonly recordErrors: RecordErrors;
  readonly batch: FetchedBatch;
  readonly errors: TaskErrors;
  readonly reports: ErrantReports;
  readonly metrics: SinkMetrics;
  readonly observer: TaskObserver;
  readonly log: Logger;
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  /** Aborted when the task has to end. */
  readonly stopping: AbortSignal;
  readonly isCancelled: () => boolean;
  /** Whether the user has paused the connector. */
  readonly isPaused: () => boolean;
}

/** How long to wait before the same records are put again, unless the task says so. */
const defaultRetryMs = 1_000;

/**
 * A sink task at work: polls, and in turn with what a rebalance asks for, delivers what came, rewinds and commits. Everything
 * that calls the task is one piece of work in {@link Turns}; only the poll and the commit's way to the broker lie beside.
 */
export class SinkPipeline {
  readonly #options: SinkPipelineOptions;
  readonly #partitions = new SinkPartitions();
  readonly #turns = new Turns();
  readonly #intake: RecordIntake;
  readonly #pauses: PartitionPauses;
  readonly #commits: SinkCommits;
  readonly #seeks = new Map<string, TopicPartitionOffset>();
  /** What the task would take later; until then nothing else is delivered. */
  #held: Delivery | undefined;
  #heldUntil = 0;
  #retryAfterMs: number | undefined;
  #nextCommit = 0;
  #commitRequested = false;
  /** The last poll was ended for another reason than that there is nothing to read. */
  #woken = false;
  #restsAsPaused = false;
  #closed = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: SinkPipelineOptions) {
    const { task, consumer, parts, errors, recordErrors, batch, reports, metrics, observer, log } = options;
    const partitions = this.#partitions;
    this.#options = options;
    this.#intake = new RecordIntake({
      consumer,
      partitions,
      limits: options.consumerOptions.limits,
      batch,
      decoder: new RecordDecoder(parts, recordErrors),
      chain: parts.chain,
      errors: recordErrors,
      metrics,
      observer,
    });
    this.#pauses = new PartitionPauses({
      consumer,
      partitions,
      isAllPaused: () => options.isPaused() || this.#held !== undefined,
    });
    this.#commits = new SinkCommits({
      task,
      consumer,
      partitions,
      errors,
      reports,
      metrics,
      log,
      timeoutMs: options.flushTimeoutMs,
      isCancelled: options.isCancelled,
      rewind: (partition, offset) => this.#moveTo(partition, offset),
      onSettled: () => this.wake(),
      onFenced: (error) => this.#fail(error),
    });
  }

  /** Works until the signal is aborted; rejects with what the task fails of. */
  async run(): Promise<void> {
    const { consumer, subscription, stopping } = this.#options;
    this.#nextCommit = Date.now() + this.#options.flushIntervalMs;
    try {
      await abortable(consumer.start(subscription, this.#listener()), stopping);
      while (!stopping.aborted) {
        const fetched = await consumer.poll(this.#pollTimeout());
        await this.#turns.run(() => this.#work(fetched));
        // Heartbeats and fetches come through, however fast the task is.
        if (fetched.length > 0) await setImmediate();
      }
    } catch (error) {
      if (stopping.aborted && error === stopping.reason) return;
      throw this.#explain(error);
    }
  }

  /** Commits what the task has and gives up its partitions. */
  close(): Promise<void> {
    return this.#turns.run(async () => {
      this.#closed = true;
      this.#held = undefined;
      await this.#commits.close(this.#partitions.all(), false);
    });
  }

  /** Ends a poll that waits. */
  wake(): void {
    this.#woken = true;
    this.#options.consumer.wakeup();
  }

  requestCommit(): void {
    this.#commitRequested = true;
    this.wake();
  }

  retryAfter(milliseconds: number): void {
    this.#retryAfterMs = milliseconds;
  }

  seek(offsets: readonly TopicPartitionOffset[]): void {
    for (const offset of offsets) this.#seeks.set(partitionKey(offset.topic, offset.partition), offset);
    this.wake();
  }

  assignment(): readonly TopicPartition[] {
    return this.#partitions.all().map(({ id }) => id);
  }

  pausePartitions(partitions: readonly TopicPartition[]): void {
    this.#pauses.pause(partitions);
  }

  resumePartitions(partitions: readonly TopicPartition[]): void {
    this.#pauses.resume(partitions);
  }

  async #work(fetched: readonly FetchedRecords[]): Promise<void> {
    const { stopping } = this.#options;
    const woken = this.#woken;
    this.#woken = false;
    this.#throwFailure();
    if (stopping.aborted) return;
    if (this.#held !== undefined) {
      if (Date.now() >= this.#heldUntil) await this.#deliver(this.#held);
    } else if (fetched.length > 0 || !woken) {
      await this.#deliver(await this.#intake.read(fetched));
    }
    this.#throwFailure();
    if (stopping.aborted) return;
    this.#rewind();
    this.#settlePause();
    if (this.#commitIsDue()) {
      this.#commitRequested = false;
      this.#nextCommit = Date.now() + this.#options.flushIntervalMs;
      await this.#commits.begin();
    }
  }

  async #deliver({ records, runs }: Delivery): Promise<void> {
    const { task, reports, metrics, batch, log } = this.#options;
    const started = performance.now();
    try {
      await task.put(records);
    } catch (error) {
      reports.throwFailure();
      if (!RetriableError.isInstance(error)) {
        log.error(
          'Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted.',
          { error },
        );
        const reason = error instanceof Error ? error.message : String(error);
        throw new MillraceError(`Exiting WorkerSinkTask due to unrecoverable exception: ${reason}`, { cause: error });
      }
      this.#hold({ records, runs }, error);
      return;
    }
    this.#held = undefined;
    batch.clear();
    const elapsed = performance.now() - started;
    metrics.putBatchCount++;
    metrics.putBatchTimeMsTotal += elapsed;
    metrics.putBatchMaxTimeMs = Math.max(metrics.putBatchMaxTimeMs, elapsed);
    metrics.batchSizeMax = Math.max(metrics.batchSizeMax, records.length);
    metrics.sinkRecordSendTotal += records.length;
    for (const { partition, next } of runs) {
      metrics.sinkRecordActiveCount += next - (partition.position as number);
      partition.position = next;
    }
    metrics.sinkRecordActiveCountMax = Math.max(metrics.sinkRecordActiveCountMax, metrics.sinkRecordActiveCount);
    this.#pauses.sync();
    reports.throwFailure();
  }

  /** Keeps the records for later. Partitions are paused meanwhile, and polls go on, so that the group keeps its member. */
  #hold(delivery: Delivery, error: RetriableError): void {
    const delay = this.#retryAfterMs ?? defaultRetryMs;
    this.#retryAfterMs = undefined;
    this.#held = delivery;
    this.#heldUntil = Date.now() + delay;
    this.#options.log.warn(`The task asks for the same records again; they are put again after ${delay} ms`, { error });
    this.#pauses.sync();
  }

  #commitIsDue(): boolean {
    return !this.#commits.isUnderWay && (this.#commitRequested || Date.now() >= this.#nextCommit);
  }

  #pollTimeout(): number {
    const now = Date.now();
    let until = now + this.#options.consumerOptions.longestPollMs;
    if (!this.#commits.isUnderWay) until = this.#commitRequested ? now : Math.min(until, this.#nextCommit);
    if (this.#held !== undefined) until = Math.min(until, this.#heldUntil);
    else if (this.#retryAfterMs !== undefined) until = Math.min(until, now + this.#retryAfterMs);
    this.#retryAfterMs = undefined;
    return Math.max(0, until - now);
  }

  #rewind(): void {
    for (const [key, { topic, partition, offset }] of this.#seeks) {
      const owner = this.#partitions.find(topic, partition);
      if (owner === undefined) this.#options.log.warn(`Cannot rewind ${key} to ${offset}: it is not assigned`);
      else this.#moveTo(owner, offset);
    }
    this.#seeks.clear();
  }

  #moveTo(partition: SinkPartition, offset: number): void {
    const { topic, partition: number } = partition.id;
    whileAssigned(() => this.#options.consumer.seek(topic, number, offset));
    partition.position = offset;
    partition.committed = offset;
    this.#commits.supersede();
    this.#dropHeld([partition]);
  }

  /** Held records of these partitions are read again by whoever has them. */
  #dropHeld(partitions: readonly SinkPartition[]): void {
    if (this.#held === undefined) return;
    const dropped = new Set(partitions.map(({ key }) => key));
    const runs = this.#held.runs.filter(({ partition }) => !dropped.has(partition.key));
    const records = this.#held.records.filter(
      ({ originalTopic, originalPartition }) => !dropped.has(partitionKey(originalTopic, originalPartition)),
    );
    this.#held = runs.length === 0 ? undefined : { records, runs };
    this.#pauses.sync();
  }

  #settlePause(): void {
    const { isPaused, observer } = this.#options;
    if (isPaused() === this.#restsAsPaused) return;
    this.#restsAsPaused = isPaused();
    this.#pauses.sync();
    if (this.#restsAsPaused) this.#commitRequested = true;
    observer.stateChanged(this.#restsAsPaused ? 'paused' : 'running');
  }

  #listener(): Parameters<GroupConsumer['start']>[1] {
    const inTurn = async (work: () => Promise<void>): Promise<void> => {
      try {
        await this.#turns.run(work);
      } catch (error) {
        this.#fail(error);
      }
    };
    return {
      assigned: (partitions) => inTurn(() => this.#assign(partitions)),
      revoked: (partitions) => inTurn(() => this.#giveUp(partitions, false)),
      lost: (partitions) => inTurn(() => this.#giveUp(partitions, true)),
      failed: (error) => this.#fail(error),
    };
  }

  async #assign(ids: readonly TopicPartition[]): Promise<void> {
    const { consumer, task, metrics, log } = this.#options;
    if (this.#closed) return;
    for (const { topic, partition } of ids) {
      this.#partitions.add(new SinkPartition(topic, partition, consumer.position(topic, partition)));
    }
    this.#pauses.retainAssigned();
    metrics.partitionCount = this.#partitions.size;
    this.#pauses.sync();
    if (ids.length === 0) return;
    log.debug(`Partitions assigned: ${ids.map(({ topic, partition }) => partitionKey(topic, partition)).join(', ')}`);
    const assigned = ids.map(({ topic, partition }) => (this.#partitions.find(topic, partition) as SinkPartition).id);
    await task.partitionsAssigned?.(assigned);
    this.#rewind();
  }

  async #giveUp(ids: readonly TopicPartition[], lost: boolean): Promise<void> {
    const { metrics, log } = this.#options;
    const closing = ids.map(({ topic, partition }) => this.#partitions.find(topic, partition)).filter(isPresent);
    if (closing.length === 0) return;
    log.debug(`Partitions ${lost ? 'lost' : 'revoked'}: ${closing.map(({ key }) => key).join(', ')}`);
    try {
      await this.#commits.close(closing, lost);
    } finally {
      this.#dropHeld(closing);
      metrics.partitionCount = this.#partitions.size;
      metrics.sinkRecordActiveCount = this.#partitions.active;
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.wake();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #explain(error: unknown): unknown {
    if (!KafkaError.isInstance(error) || error.code !== 'FENCED_INSTANCE_ID') return error;
    const { name, consumerOptions } = this.#options;
    return new MillraceError(
      `Task ${name} was fenced: another consumer has joined its group as ${consumerOptions.memberName} (group.instance.id). ` +
        'It goes on there, and this one has committed nothing since. If that is not the same task, give each its own group.instance.id.',
      { cause: error, code: 'FENCED' },
    );
  }
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
