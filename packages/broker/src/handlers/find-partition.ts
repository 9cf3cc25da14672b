import type { PartitionLog } from '../log/partition-log.ts';
import { RequestError } from '../request-error.ts';
import type { Topic } from '../topics/topic.ts';
import type { TopicStore } from '../topics/topic-store.ts';

/** The log of a partition. @throws RequestError UNKNOWN_TOPIC_OR_PARTITION */
export function findPartition(topics: TopicStore, topic: string, partition: number): PartitionLog {
  return partitionOf(topics.get(topic), partition);
}

export function partitionOf(topic: Topic, partition: number): PartitionLog {
  const log = topic.partitions[partition];
  if (log === undefined) {
    throw new RequestError(
      'UNKNOWN_TOPIC_OR_PARTITION',
      `Topic '${topic.name}' has ${topic.partitions.length} partitions; ${partition} is not one of them.`,
    );
  }
  return log;
}

/** A topic by name, or by id in the versions that name topics by id. */
export function findTopic(topics: TopicStore, name: string, id: string, byId: boolean): Topic {
  if (!byId) return topics.get(name);
  const topic = topics.findById(id);
  if (topic === undefined) throw new RequestError('UNKNOWN_TOPIC_ID', `There is no topic with id ${id}.`);
  return topic;
}
