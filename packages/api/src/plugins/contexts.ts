import type { Logger } from '../log/logger.ts';
import type { SinkRecord } from '../records/sink-record.ts';
import type { OffsetMap, SourceRecord } from '../records/source-record.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A position that a sink has reached: the offset of the next record, as committed to Kafka. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** Where a plugin's own metrics go; names are unique within the plugin. */
export interface PluginMetrics {
  /** A value that is asked for when metrics are read. */
  gauge(name: string, description: string, read: () => number): void;
  /** A count that only grows; returns the function that adds to it. */
  counter(name: string, description: string): (by?: number) => void;
}

/** What every plugin gets. */
export interface PluginContext<C> {
  readonly config: C;
  readonly log: Logger;
  readonly metrics: PluginMetrics;
  /** Aborted when the plugin has to stop; pass it to everything that waits. */
  readonly signal: AbortSignal;
}

/** Positions that the source has reached, as Kafka holds them. */
export interface SourceOffsets<P, O> {
  /** The stored offset of that partition, matched by meaning; `undefined` when there is none. */
  get(partition: P): Promise<O | undefined>;
  /** Those of several partitions in one call, in their order. */
  getAll(partitions: readonly P[]): Promise<readonly (O | undefined)[]>;
  /** The one object for that partition; use it in every record, so that offsets are kept by identity. */
  partition(partition: P): P;
}

/** Lets a source say where transactions end; only with `transaction.boundary=connector`. */
export interface TransactionContext {
  /** Commits after the batch that the current `poll` returns. */
  commitBatch(): void;
  /** Commits right after this record. */
  commitRecord(record: SourceRecord): void;
  /** Drops the batch that the current `poll` returns, and all since the last commit. */
  abortBatch(): void;
  /** Drops everything since the last commit, up to and with this record. */
  abortRecord(record: SourceRecord): void;
}

export interface ConnectorContext<C> extends PluginContext<C> {
  /** Asks for `tasks` to be called again because the source has changed. */
  reconfigure(): void;
  /** Fails the connector. */
  raiseError(error: Error): void;
}

export interface SourceConnectorContext<C, P, O> extends ConnectorContext<C> {
  readonly offsets: Omit<SourceOffsets<P, O>, 'partition'>;
}

export interface SourceTaskContext<C, P = OffsetMap, O = OffsetMap> extends ConnectorContext<C> {
  readonly offsets: SourceOffsets<P, O>;
  /** `undefined` unless the connector defines transaction boundaries and the user asked for them. */
  readonly transaction: TransactionContext | undefined;
  /** The task's configuration as the connector made it and as it is stored. */
  readonly taskConfig: Readonly<Record<string, string>>;
}

export interface SinkTaskContext<C> extends ConnectorContext<C> {
  /** The partitions that this task has now. */
  assignment(): readonly TopicPartition[];
  /** Continues at these offsets with the next batch. */
  seek(offsets: readonly TopicPartitionOffset[]): void;
  /** How long to wait before a batch that failed with a RetriableError is put again. */
  retryAfter(milliseconds: number): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Asks for a commit as soon as possible. */
  requestCommit(): void;
  /**
   * Hands one record to the dead letter queue and the error log. The promise settles when that is done; offsets of later
   * records are not committed before. `undefined` when the user asked for neither.
   */
  readonly reportErrant: ((record: SinkRecord, error: Error) => Promise<void>) | undefined;
  readonly taskConfig: Readonly<Record<string, string>>;
}
