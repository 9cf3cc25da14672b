import type { TopicPartition } from '../port.ts';
import type { AssignorName } from '../settings/read-settings.ts';
import { assignCooperatively } from './cooperative-sticky.ts';
import { assignRanges } from './range.ts';
import { assignRoundRobin } from './round-robin.ts';

/** A member as the leader of its group sees it. */
export interface AssignableMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
  /** Of the generation in which it came to own them; -1 where it does not say. */
  readonly generation: number;
}

/** How many partitions each topic has. */
export type PartitionCounts = ReadonlyMap<string, number>;

export type Assignment = Map<string, TopicPartition[]>;

export type Assignor = (members: readonly AssignableMember[], counts: PartitionCounts) => Assignment;

export const assignors: Readonly<Record<AssignorName, Assignor>> = {
  range: assignRanges,
  roundrobin: assignRoundRobin,
  'cooperative-sticky': assignCooperatively,
};
