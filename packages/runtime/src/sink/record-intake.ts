import type { SinkRecord } from '@millrace/api';
import type { FetchedRecords, GroupConsumer } from '@millrace/kafka';
import type { TransformChain } from '@millrace/transforms';
import type { TaskObserver } from '../task/task-runner.ts';
import type { BatchLimits, FetchedBatch, PartitionRun } from './fetched-batch.ts';
import type { RecordDecoder } from './record-decoder.ts';
import type { RecordErrors } from './record-errors.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import type { SinkPartitions } from './sink-partitions.ts';

/** Records for the task, and how far the partitions are once it has them. */
export interface Delivery {
  readonly records: readonly SinkRecord[];
  readonly runs: readonly PartitionRun[];
}

export interface RecordIntakeOptions {
  readonly consumer: GroupConsumer;
  readonly partitions: SinkPartitions;
  readonly limits: BatchLimits;
  readonly batch: FetchedBatch;
  readonly decoder: RecordDecoder;
  readonly chain: TransformChain;
  readonly errors: RecordErrors;
  readonly metrics: SinkMetrics;
  readonly observer: TaskObserver;
}

/** Takes what was fetched up to the limits of a put; what is left comes with the next poll. */
export class RecordIntake {
  readonly #options: RecordIntakeOptions;
  readonly #usedTopics = new Set<string>();
  /** Which partition is read first, by turns: a busy one does not keep the others waiting. */
  #first = 0;

  constructor(options: RecordIntakeOptions) {
    this.#options = options;
  }

  async read(fetched: readonly FetchedRecords[]): Promise<Delivery> {
    const { batch, decoder, chain, errors, metrics } = this.#options;
    this.#fill(fetched);
    metrics.sinkRecordReadTotal += batch.length;
    const runs = [...batch.runs];
    const records = await decoder.decode(batch);
    if (chain.stages.length === 0 || records.length === 0) return { records, runs };
    const transformed = await chain.applyBatch(records, errors.transforming(records));
    return { records: transformed.filter((record) => record !== null), runs };
  }

  #fill(fetched: readonly FetchedRecords[]): void {
    const { batch, limits, partitions, consumer } = this.#options;
    batch.clear();
    const first = this.#first++;
    for (let turn = 0; turn < fetched.length && !batch.isFull(limits); turn++) {
      const records = fetched[(first + turn) % fetched.length] as FetchedRecords;
      const { topic, partition } = records;
      const owner = partitions.find(topic, partition);
      if (owner === undefined) continue;
      batch.read(records, owner, limits, () => consumer.position(topic, partition));
      this.#use(topic);
    }
    for (const { partition, start, end, next } of batch.runs) {
      if (partition.position !== undefined) continue;
      partition.committed = end > start ? batch.offsets[start] : next;
      partition.position = partition.committed;
    }
  }

  #use(topic: string): void {
    if (this.#usedTopics.has(topic)) return;
    this.#usedTopics.add(topic);
    this.#options.observer.topicUsed(topic);
  }
}
