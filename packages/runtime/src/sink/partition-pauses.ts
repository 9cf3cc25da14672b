import { MillraceError, type TopicPartition } from '@millrace/api';
import { type GroupConsumer, KafkaError } from '@millrace/kafka';
import { partitionKey, type SinkPartition, type SinkPartitions } from './sink-partitions.ts';

export interface PartitionPausesOptions {
  readonly consumer: GroupConsumer;
  readonly partitions: SinkPartitions;
  /** Whether all of them stand still: the connector is paused, or records are held. */
  readonly isAllPaused: () => boolean;
}

/** Which partitions stand still, and whether that is for the task or for the pipeline. */
export class PartitionPauses {
  readonly #options: PartitionPausesOptions;
  /** By the task itself; kept over a rebalance for the partitions that come back. */
  readonly #byTask = new Set<string>();

  constructor(options: PartitionPausesOptions) {
    this.#options = options;
  }

  /** @throws MillraceError for a partition that is not assigned. */
  pause(ids: readonly TopicPartition[]): void {
    const paused = this.#assigned(ids, 'pause');
    for (const { key } of paused) this.#byTask.add(key);
    this.sync();
    // Also of those that stood still already, with all the others.
    for (const partition of paused) this.#dropFetched(partition);
  }

  /** @throws MillraceError for a partition that is not assigned. */
  resume(ids: readonly TopicPartition[]): void {
    for (const { key } of this.#assigned(ids, 'resume')) this.#byTask.delete(key);
    this.sync();
  }

  /** Forgets those that did not come back. */
  retainAssigned(): void {
    const assigned = new Set(this.#options.partitions.all().map(({ key }) => key));
    for (const key of this.#byTask) if (!assigned.has(key)) this.#byTask.delete(key);
  }

  /** Tells the consumer what has changed. */
  sync(): void {
    const { consumer, partitions, isAllPaused } = this.#options;
    const all = isAllPaused();
    for (const partition of partitions.all()) {
      const paused = all || this.#byTask.has(partition.key);
      if (paused === partition.paused) continue;
      partition.paused = paused;
      whileAssigned(() => consumer[paused ? 'pause' : 'resume']([partition.id]));
      if (this.#byTask.has(partition.key)) this.#dropFetched(partition);
    }
  }

  /**
   * What was fetched of a partition that may stand still for long is fetched again later: it would take the others' room,
   * in the end all of it.
   */
  #dropFetched({ id: { topic, partition } }: SinkPartition): void {
    const { consumer } = this.#options;
    const position = consumer.position(topic, partition);
    if (position !== undefined) whileAssigned(() => consumer.seek(topic, partition, position));
  }

  #assigned(ids: readonly TopicPartition[], what: string): readonly SinkPartition[] {
    return ids.map(({ topic, partition }) => {
      const found = this.#options.partitions.find(topic, partition);
      if (found !== undefined) return found;
      throw new MillraceError(
        `SinkTasks may not ${what} partitions that are not currently assigned to them: ${partitionKey(topic, partition)}`,
      );
    });
  }
}

/** The consumer may have lost a partition already, and the turn in which the task hears of it is yet to come. */
export function whileAssigned(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!KafkaError.isInstance(error) || error.code !== 'NOT_ASSIGNED') throw error;
  }
}
