import type { Logger, SinkTask, TopicPartitionOffset } from '@millrace/api';
import { type GroupConsumer, KafkaError } from '@millrace/kafka';
import type { TaskErrors } from '../errors/task-errors.ts';
import type { ErrantReports } from './errant-reports.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import type { SinkPartition, SinkPartitions } from './sink-partitions.ts';

export interface SinkCommitsOptions {
  readonly task: SinkTask;
  readonly consumer: GroupConsumer;
  readonly partitions: SinkPartitions;
  readonly errors: TaskErrors;
  readonly reports: ErrantReports;
  readonly metrics: SinkMetrics;
  readonly log: Logger;
  /** After that time a commit that is not over counts as failed; nothing waits for it. */
  readonly timeoutMs: number;
  /** Whether the task was cancelled: then nothing is committed any more. */
  readonly isCancelled: () => boolean;
  /** Continues where the offset says, and forgets what was read since. */
  readonly rewind: (partition: SinkPartition, offset: number) => void;
  /** A commit is over, whatever became of it. */
  readonly onSettled: () => void;
  /** Somebody else has the work. */
  readonly onFenced: (error: KafkaError) => void;
}

interface Change extends TopicPartitionOffset {
  readonly owner: SinkPartition;
}

/** Asks the task what may be committed, and commits it. Called in turn with the task's other work. */
export class SinkCommits {
  readonly #options: SinkCommitsOptions;
  /** While a commit is under way; resolves when that is over, or its time is. */
  #inFlight: Promise<void> | undefined;
  /** Of the last commit; what an earlier one reports is of no interest. */
  #sequence = 0;

  constructor(options: SinkCommitsOptions) {
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.#inFlight !== undefined;
  }

  /** Partitions go on elsewhere: what a commit under way reports of them is out of date. */
  supersede(): void {
    this.#sequence++;
  }

  /** Commits what the task allows. Returns when the task has answered: the commit itself goes on beside its work. */
  async begin(): Promise<void> {
    const { partitions, metrics, log, rewind, onSettled } = this.#options;
    const all = partitions.all().filter(({ position }) => position !== undefined);
    if (all.length === 0) return;
    const sequence = this.#next();
    await this.#lettersWritten(all);
    let changes: readonly Change[];
    try {
      changes = await this.#changes(all);
    } catch (error) {
      metrics.offsetCommitFailures++;
      log.error('Offset commit failed, rewinding to last committed offsets', { error });
      for (const partition of all) if (partition.committed !== undefined) rewind(partition, partition.committed);
      return;
    }
    if (changes.length === 0) return;
    // The task may have reported records when it was asked.
    await this.#lettersWritten(all);
    if (this.#options.isCancelled()) return;
    const overdue = Promise.withResolvers<void>();
    const settled = this.#commit(changes, sequence, overdue.resolve).finally(() => {
      this.#inFlight = undefined;
      onSettled();
    });
    this.#inFlight = Promise.race([settled, overdue.promise]);
  }

  /**
   * Gives partitions up, in Java's order: the task says what may be committed, hears that they are gone, and then the
   * commit is waited for. Partitions that are `lost` are not committed.
   */
  async close(closing: readonly SinkPartition[], lost: boolean): Promise<void> {
    const { task, partitions, reports, isCancelled } = this.#options;
    if (closing.length === 0) return;
    if (!lost) await this.#inFlight;
    const sequence = this.#next();
    let changes: readonly Change[] = [];
    let failure: { readonly error: unknown } | undefined;
    try {
      if (lost) reports.forget(closing.map(({ key }) => key));
      else if (!isCancelled()) changes = await this.#lastChanges(closing);
    } catch (error) {
      failure = { error };
    }
    try {
      if (!isCancelled()) {
        await task.partitionsRevoked?.(
          closing.map(({ id }) => id),
          lost,
        );
      }
    } finally {
      try {
        if (!lost) await this.#commitLast(closing, changes, sequence);
      } finally {
        for (const partition of closing) partitions.remove(partition);
      }
    }
    if (failure !== undefined) throw failure.error;
  }

  /** @throws what a dead letter failed of: then the offsets have to stay where they are. */
  async #lastChanges(closing: readonly SinkPartition[]): Promise<readonly Change[]> {
    const { metrics, log } = this.#options;
    const known = closing.filter(({ position }) => position !== undefined);
    await this.#lettersWritten(closing);
    if (known.length === 0) return [];
    try {
      return await this.#changes(known);
    } catch (error) {
      metrics.offsetCommitFailures++;
      log.warn('Offset commit failed during close', { error });
      return [];
    }
  }

  /** @throws what a dead letter failed of that the task has reported when it was asked, or gave the partitions up. */
  async #commitLast(closing: readonly SinkPartition[], changes: readonly Change[], sequence: number): Promise<void> {
    const { isCancelled } = this.#options;
    if (isCancelled()) return;
    await this.#lettersWritten(closing);
    if (changes.length > 0 && !isCancelled()) await this.#commit(changes, sequence);
  }

  async #lettersWritten(partitions: readonly SinkPartition[]): Promise<void> {
    const { errors, reports } = this.#options;
    await reports.written(partitions.map(({ key }) => key));
    await errors.deadLettersWritten();
  }

  /** What the task allows to commit, as far as it makes sense and differs from what is committed. */
  async #changes(asked: readonly SinkPartition[]): Promise<readonly Change[]> {
    const { partitions, metrics, log } = this.#options;
    const allowed = await this.#preCommit(asked);
    const changes: Change[] = [];
    for (const { topic, partition, offset } of allowed) {
      const owner = partitions.find(topic, partition);
      const where = `task provided offset ${topic}-${partition}/${offset}`;
      if (owner === undefined) {
        log.warn(`Ignoring invalid ${where} -- partition not assigned`);
      } else if (!asked.includes(owner)) {
        log.debug(`Ignoring ${where} -- partition not requested`);
      } else if (!(Number.isSafeInteger(offset) && offset >= 0)) {
        log.warn(`Ignoring invalid ${where} -- not an offset`);
      } else if (offset > (owner.position as number)) {
        log.warn(`Ignoring invalid ${where} -- not yet consumed, currentOffset=${owner.position}`);
      } else if (offset !== owner.committed) {
        changes.push({ owner, topic, partition, offset });
      }
    }
    if (changes.length === 0) metrics.offsetCommitSkipTotal++;
    return changes;
  }

  async #preCommit(asked: readonly SinkPartition[]): Promise<readonly TopicPartitionOffset[]> {
    const { task } = this.#options;
    const offsets = asked.map(({ id, position }) => ({ ...id, offset: position as number }));
    if (task.preCommit !== undefined) return await task.preCommit(offsets);
    await task.flush?.(offsets);
    return offsets;
  }

  async #commit(changes: readonly Change[], sequence: number, onOverdue?: () => void): Promise<void> {
    const { consumer, partitions, metrics, log, timeoutMs, onFenced } = this.#options;
    const started = Date.now();
    const timer = setTimeout(() => {
      metrics.offsetCommitFailures++;
      log.warn(`Commit of offsets timed out after ${timeoutMs} ms; it goes on, and the next one waits for it`);
      onOverdue?.();
    }, timeoutMs);
    try {
      await consumer.commit(changes.map(({ topic, partition, offset }) => ({ topic, partition, offset })));
      const milliseconds = Date.now() - started;
      metrics.offsetCommitSuccesses++;
      metrics.offsetCommitCompletionTotal++;
      metrics.offsetCommitTimeMsTotal += milliseconds;
      metrics.offsetCommitMaxTimeMs = Math.max(metrics.offsetCommitMaxTimeMs, milliseconds);
      if (sequence === this.#sequence) for (const { owner, offset } of changes) owner.committed = offset;
      metrics.sinkRecordActiveCount = partitions.active;
    } catch (error) {
      metrics.offsetCommitFailures++;
      log.error('Commit of offsets failed; the records are put again where the task starts anew', { error });
      if (KafkaError.isInstance(error) && error.code === 'FENCED_INSTANCE_ID') onFenced(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #next(): number {
    this.#options.metrics.offsetCommitSeqNo = ++this.#sequence;
    return this.#sequence;
  }
}
