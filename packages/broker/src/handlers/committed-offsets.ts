import type { OffsetOf } from '../groups/offset-store.ts';
import { RequestError } from '../request-error.ts';
import type { TopicStore } from '../topics/topic-store.ts';
import { findTopic, partitionOf } from './find-partition.ts';

const mostMetadata = 4096;

interface RequestedPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

interface RequestedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly RequestedPartition[];
}

/**
 * Commits the offsets of a request as one: those of partitions that are not there are refused, the others are given to
 * `commit`, which may refuse them all.
 */
export function commitOffsets(
  topics: readonly RequestedTopic[],
  byId: boolean,
  store: TopicStore,
  commit: (offsets: readonly OffsetOf[]) => void,
): { name: string; topicId: string; partitions: { partitionIndex: number; errorCode: number }[] }[] {
  const good: OffsetOf[] = [];
  const errors = new Map<RequestedPartition, number>();
  for (const { name, topicId, partitions } of topics) {
    for (const partition of partitions) {
      try {
        good.push(checked(name, topicId, byId, partition, store));
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        errors.set(partition, error.code);
      }
    }
  }
  let refusal = 0;
  try {
    commit(good);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    refusal = commitCode(error);
  }
  return topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: refusal === 0 ? (errors.get(partition) ?? 0) : refusal,
    })),
  }));
}

function checked(name: string, id: string, byId: boolean, partition: RequestedPartition, store: TopicStore): OffsetOf {
  const topic = findTopic(store, name, id, byId);
  partitionOf(topic, partition.partitionIndex);
  const metadata = partition.committedMetadata ?? '';
  if (metadata.length > mostMetadata) {
    throw new RequestError(
      'OFFSET_METADATA_TOO_LARGE',
      `metadata of ${metadata.length} characters; ${mostMetadata} are possible`,
    );
  }
  return {
    topic: topic.name,
    partition: partition.partitionIndex,
    offset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata,
  };
}

/** Clients know a full disk of the group coordinator by this. */
function commitCode(error: RequestError): number {
  return error.error === 'KAFKA_STORAGE_ERROR' ? new RequestError('COORDINATOR_NOT_AVAILABLE', '').code : error.code;
}
