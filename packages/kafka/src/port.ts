import type { RecordBatchReader, RecordBatchWriter, RecordHeader } from '@millrace/protocol';
import type { KafkaError } from './errors.ts';
import type { IsolationLevel } from './settings/read-settings.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** An offset that a group has committed. */
export interface CommittedOffset extends TopicPartitionOffset {
  readonly metadata?: string | null;
  readonly leaderEpoch?: number;
}

/** Records of one batch that were appended one after another for the same target. */
export interface Delivery extends TopicPartition {
  /** Offset of the batch's first record; -1 where the broker does not say. */
  readonly baseOffset: number;
  /** The time at which the broker appended them, -1 where they keep their own. */
  readonly timestamp: number;
  /** Record i of `count` has the offset `baseOffset + start + i` and the token `tokens[start + i]`. */
  readonly start: number;
  readonly count: number;
  readonly tokens: readonly number[];
}

/** Hears what became of records, once per run of records in a batch. */
export interface DeliveryTarget {
  acknowledged(delivery: Delivery): void;
  failed(delivery: Delivery, error: KafkaError): void;
}

/** Where records of one partition are written, straight into its open batch. */
export interface PartitionAppender extends TopicPartition {
  /**
   * Begins a record: write key, value and headers to the writer that it returns, and call `end` or `rollback` before
   * anything else. Check {@link Producer.hasRoom} first: without room it throws BUFFER_EXHAUSTED.
   */
  begin(timestamp: number): RecordBatchWriter;
  /** Ends the record. Throws RECORD_TOO_LARGE, and takes it away, where it exceeds `max.request.size`. */
  end(target?: DeliveryTarget, token?: number): void;
  /** Takes the begun record away. */
  rollback(): void;
}

export interface ProducerRecord {
  readonly topic: string;
  /** Chosen by the key, or for records without one by turns, when left out. */
  readonly partition?: number;
  readonly key?: Uint8Array | null;
  readonly value?: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
  /** Now, when left out. */
  readonly timestamp?: number;
}

export interface RecordMetadata extends TopicPartitionOffset {
  readonly timestamp: number;
}

export interface GroupMetadata {
  readonly groupId: string;
  readonly generationId?: number;
  readonly memberId?: string;
  readonly instanceId?: string | null;
}

/**
 * Writes records. Idempotent unless `acks` is not `all`, `enable.idempotence` is false or the cluster denies it; transactional
 * with a `transactional.id`. After a {@link FencedError} it is finished.
 */
export interface Producer {
  /** Partitions of a topic as far as known, without waiting. */
  partitionCount(topic: string): number | undefined;
  /** Asks for a topic, and lets the broker create it where it does so. Waits up to `max.block.ms`. */
  loadTopic(topic: string): Promise<number>;
  /** The partition for a record, of a topic that was loaded: by the key as Java does, or that of the batch at hand. */
  partitionFor(topic: string, key: Uint8Array | null, start?: number, end?: number): number;
  /** Always the same object for a partition. */
  appender(topic: string, partition: number): PartitionAppender;
  /** Whether another record may be begun: `buffer.memory` is not used up. */
  readonly hasRoom: boolean;
  /** Waits for room, up to `max.block.ms`. */
  room(): Promise<void>;
  /** One record with one promise, for the control path; not for data. */
  send(record: ProducerRecord): Promise<RecordMetadata>;
  /** Sends everything now; resolves when every record appended before is acknowledged or has failed. */
  flush(): Promise<void>;

  /** Takes over the transactional id, ends what an earlier producer left open and fences it. Once, before the rest. */
  initTransactions(): Promise<void>;
  /**
   * As soon as {@link commitTransaction} was called, the next transaction may begin: its records are held until the outcome
   * is known. Where the commit fails they fail with it (TRANSACTION_ABORTED), and one abort ends both.
   */
  beginTransaction(): void;
  /** Makes offsets of a group part of the transaction. */
  sendOffsets(offsets: readonly CommittedOffset[], group: GroupMetadata): Promise<void>;
  /** Flushes and commits. After an {@link AbortableError} only {@link abortTransaction} is possible. */
  commitTransaction(): Promise<void>;
  abortTransaction(): Promise<void>;
  /** Sends what is left within that time (default 30 s), aborts an open transaction, and ends. Twice is harmless. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** Records of one partition, read one by one without an object per record. */
export interface FetchedRecords extends TopicPartition {
  /** Moves to the next record that is visible at the isolation level; it is then in `record`. The position follows. */
  next(): boolean;
  /** The current record: `offset`, `timestamp`, and ranges in `buffer`. */
  readonly record: RecordBatchReader;
  /** The end of the partition when this was fetched: high watermark, or last stable offset with read_committed. */
  readonly endOffset: number;
}

export interface ReaderPartition extends TopicPartition {
  /** Where to begin; by `auto.offset.reset` when left out. */
  readonly offset?: number;
  /** The epoch of the record before, as it was committed: then a log that has lost it since is noticed. */
  readonly leaderEpoch?: number;
}

/** Reads partitions without a group. */
export interface PartitionReader {
  readonly assignment: readonly TopicPartition[];
  /** Reads exactly these; those that stay keep their position unless an offset is given. */
  assign(partitions: readonly ReaderPartition[]): void;
  /** Takes effect with the next poll, at once: nothing fetched from elsewhere is returned, no long poll is waited for. */
  seek(topic: string, partition: number, offset: number | 'earliest' | 'latest'): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** The offset of the next record; `undefined` while it is not known yet. */
  position(topic: string, partition: number): number | undefined;
  /**
   * What has arrived, or what arrives next within the time. Records that the caller leaves unread are returned again by
   * the next call.
   */
  poll(timeoutMs: number): Promise<readonly FetchedRecords[]>;
  /** Ends a `poll` that waits; the next one, where none does. */
  wakeup(): void;
  /** Reads everything up to what is the end now. */
  readToEnd(each: (records: FetchedRecords) => void, options?: { readonly signal?: AbortSignal }): Promise<void>;
  endOffsets(partitions: readonly TopicPartition[], isolation?: IsolationLevel): Promise<TopicPartitionOffset[]>;
  beginningOffsets(partitions: readonly TopicPartition[]): Promise<TopicPartitionOffset[]>;
  close(): Promise<void>;
}

/** One way of sharing work that a member offers, the most wanted first. */
export interface GroupProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface GroupMemberInfo {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly metadata: Buffer;
}

export interface Generation {
  readonly generationId: number;
  readonly memberId: string;
  readonly leaderId: string;
  readonly isLeader: boolean;
  readonly protocol: string;
  readonly assignment: Buffer;
}

/** What a member of a group is asked and told. Calls never overlap. */
export interface GroupCallbacks {
  /** Asked before each join. */
  protocols(): readonly GroupProtocol[];
  /** Asked when this member leads: the assignment of each member. */
  assign(
    protocol: string,
    members: readonly GroupMemberInfo[],
    leaderId: string,
  ): ReadonlyMap<string, Uint8Array> | Promise<ReadonlyMap<string, Uint8Array>>;
  /** Awaited before the group is joined again, while the old generation still holds: commits succeed. */
  revoking?(generation: Generation): Promise<void> | void;
  /** Awaited after each join, while heartbeats go on. */
  assigned(generation: Generation): Promise<void> | void;
  /** The generation is over without notice: somebody else may have the work already, commits fail. */
  lost?(error: KafkaError): Promise<void> | void;
  /** The member cannot go on, for instance because it is not authorised. */
  failed?(error: KafkaError): void;
}

/** A member of a group of any protocol type. */
export interface GroupMember {
  /** The current generation, while there is one. */
  readonly generation: Generation | undefined;
  /** Joins and stays; resolves at the first assignment, rejects where the group cannot be joined. */
  start(): Promise<void>;
  /** Joins again as soon as possible. */
  rejoin(reason: string): void;
  /** Says that work goes on: later than `max.poll.interval.ms` after the last call the member leaves its group. */
  progress(): void;
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]>;
  /** Leaves, except as a static member, and ends. Twice is harmless. */
  close(): Promise<void>;
}

export type Subscription = { readonly topics: readonly string[] } | { readonly pattern: (topic: string) => boolean };

/** What a consumer is told about its partitions. Calls never overlap; what one throws, the next `poll` or `close` throws. */
export interface RebalanceListener {
  assigned?(partitions: readonly TopicPartition[]): Promise<void> | void;
  /** Awaited; commits in it succeed. */
  revoked?(partitions: readonly TopicPartition[]): Promise<void> | void;
  /** Somebody else may read them already: commits fail. */
  lost?(partitions: readonly TopicPartition[]): Promise<void> | void;
  failed?(error: KafkaError): void;
}

/** A consumer group's member with its reader. */
export interface GroupConsumer extends Omit<PartitionReader, 'assign' | 'readToEnd'> {
  readonly groupMetadata: GroupMetadata;
  start(subscription: Subscription, listener?: RebalanceListener): Promise<void>;
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]>;
}

export interface NewTopic {
  readonly name: string;
  /** The broker's default when left out. */
  readonly partitions?: number;
  /** The broker's default when left out. */
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TopicDescription {
  readonly name: string;
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number;
    readonly replicas: readonly number[];
    readonly inSync: readonly number[];
  }[];
}

export interface ConfigResource {
  readonly type: 'topic' | 'broker';
  readonly name: string;
}

export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  /** Whether it is set on the resource itself. */
  readonly explicit: boolean;
}

export interface ConfigChange {
  readonly name: string;
  readonly operation: 'set' | 'delete' | 'append' | 'subtract';
  readonly value?: string;
}

export interface GroupDescription {
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  readonly protocol: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly clientId: string;
    readonly host: string;
    readonly metadata: Buffer;
    readonly assignment: Buffer;
  }[];
}

/** What became of each of several things: nothing, or an error. */
export type Outcomes = ReadonlyMap<string, KafkaError | undefined>;

export type OffsetTime = 'earliest' | 'latest' | 'maxTimestamp' | { readonly timestamp: number };

export interface Admin {
  clusterId(): Promise<string | null>;
  listTopics(): Promise<string[]>;
  createTopics(topics: readonly NewTopic[], options?: { readonly validateOnly?: boolean }): Promise<Outcomes>;
  /** Topics that do not exist are left out. */
  describeTopics(names: readonly string[]): Promise<Map<string, TopicDescription>>;
  deleteTopics(names: readonly string[]): Promise<Outcomes>;
  createPartitions(topic: string, count: number): Promise<void>;
  /** Deletes what lies before the offsets. */
  deleteRecords(before: readonly TopicPartitionOffset[]): Promise<void>;
  describeConfigs(resource: ConfigResource): Promise<ConfigEntry[]>;
  alterConfigs(resource: ConfigResource, changes: readonly ConfigChange[]): Promise<void>;
  listGroups(): Promise<{ readonly groupId: string; readonly protocolType: string; readonly state: string }[]>;
  describeGroup(groupId: string): Promise<GroupDescription>;
  deleteGroups(groupIds: readonly string[]): Promise<Outcomes>;
  /** Takes static members out of a group, by their `group.instance.id`; those that are not there are passed over. */
  removeGroupMembers(groupId: string, instanceIds: readonly string[]): Promise<Outcomes>;
  listGroupOffsets(groupId: string): Promise<CommittedOffset[]>;
  alterGroupOffsets(groupId: string, offsets: readonly CommittedOffset[]): Promise<void>;
  deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void>;
  /** Offset -1 where there is none at or after the time. */
  listOffsets(
    partitions: readonly TopicPartition[],
    time: OffsetTime,
    options?: { readonly isolation?: IsolationLevel },
  ): Promise<TopicPartitionOffset[]>;
  /** Ends what producers with these transactional ids have open, and fences them. */
  fenceProducers(transactionalIds: readonly string[]): Promise<Outcomes>;
  close(): Promise<void>;
}
