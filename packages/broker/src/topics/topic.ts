import type { PartitionLog } from '../log/partition-log.ts';
import type { TopicConfig } from './topic-config.ts';

export interface Topic {
  readonly name: string;
  /** The 22 characters that Kafka prints. */
  readonly id: string;
  readonly partitions: readonly PartitionLog[];
  readonly config: TopicConfig;
}
