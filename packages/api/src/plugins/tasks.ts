import type { SinkRecord } from '../records/sink-record.ts';
import type { OffsetMap, SourceRecord } from '../records/source-record.ts';
import type { TopicPartition, TopicPartitionOffset } from './contexts.ts';

/** Where Kafka has put a record. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  /** `-1` when the broker was not asked to acknowledge. */
  readonly offset: number;
  readonly timestamp: number;
}

export interface SourceTask<P = OffsetMap, O = OffsetMap> {
  /**
   * The next records; `null` or none when there are none now. Waits for some if it likes, but ends when the context's
   * signal is aborted. Never called while the last call is under way.
   *
   * @throws RetriableError to be called again later.
   */
  poll(): Promise<readonly SourceRecord<P, O>[] | null>;
  /** The offsets of everything acknowledged so far have been stored. */
  commit?(): Promise<void> | void;
  /**
   * These records are done with: acknowledged by Kafka, or dropped by a transform or as a dead letter, and then their
   * metadata is `null`.
   */
  committed?(
    records: readonly SourceRecord<P, O>[],
    metadata: readonly (RecordMetadata | null)[],
  ): Promise<void> | void;
  /** May be called more than once, and after `poll` has failed. */
  close?(): Promise<void> | void;
}

export interface SinkTask {
  /**
   * Takes the records, in order by partition. They may still be on their way to the target when this resolves: then
   * `flush` or `preCommit` wait for them.
   *
   * @throws RetriableError to get the same records again.
   */
  put(records: readonly SinkRecord[]): Promise<void> | void;
  /** Resolves when everything put so far is safe in the target. Called before offsets are committed. */
  flush?(offsets: readonly TopicPartitionOffset[]): Promise<void> | void;
  /**
   * Says which offsets may be committed, given those that were put. Left out: `flush`, and then all of them.
   */
  preCommit?(
    offsets: readonly TopicPartitionOffset[],
  ): Promise<readonly TopicPartitionOffset[]> | readonly TopicPartitionOffset[];
  /** The task has got these partitions; none of their records was put yet. */
  partitionsAssigned?(partitions: readonly TopicPartition[]): Promise<void> | void;
  /** The task loses these partitions; their offsets have been committed unless they were `lost`. */
  partitionsRevoked?(partitions: readonly TopicPartition[], lost: boolean): Promise<void> | void;
  /** May be called more than once, and after `put` has failed. */
  close?(): Promise<void> | void;
}
