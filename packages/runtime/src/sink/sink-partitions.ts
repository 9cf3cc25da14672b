import type { TopicPartition } from '@millrace/api';

/** A partition that the task has. */
export class SinkPartition {
  /** The one object that names it, shared by everything that the task is told. */
  readonly id: TopicPartition;
  readonly key: string;
  /** Offset of the next record for the task; `undefined` until the first was read. */
  position: number | undefined;
  /** Where the task would start again: what was committed last, or where reading began. */
  committed: number | undefined;
  /** Whether the consumer was told to pause. */
  paused = false;

  constructor(topic: string, partition: number, position: number | undefined) {
    this.id = Object.freeze({ topic, partition });
    this.key = partitionKey(topic, partition);
    this.position = position;
    this.committed = position;
  }
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** What is assigned to the task. */
export class SinkPartitions {
  readonly #byKey = new Map<string, SinkPartition>();

  get size(): number {
    return this.#byKey.size;
  }

  all(): SinkPartition[] {
    return [...this.#byKey.values()];
  }

  find(topic: string, partition: number): SinkPartition | undefined {
    return this.#byKey.get(partitionKey(topic, partition));
  }

  has(partition: SinkPartition): boolean {
    return this.#byKey.get(partition.key) === partition;
  }

  add(partition: SinkPartition): void {
    this.#byKey.set(partition.key, partition);
  }

  remove(partition: SinkPartition): void {
    if (this.has(partition)) this.#byKey.delete(partition.key);
  }

  /** Records that the task has got and whose offsets are not committed. */
  get active(): number {
    let records = 0;
    for (const { position = 0, committed = 0 } of this.#byKey.values()) records += Math.max(0, position - committed);
    return records;
  }
}
