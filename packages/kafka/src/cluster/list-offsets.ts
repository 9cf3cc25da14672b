import { describeErrorCode, errorCode, listOffsets } from '@millrace/protocol';
import { KafkaError, responseError } from '../errors.ts';
import type { TopicPartition, TopicPartitionOffset } from '../port.ts';
import type { IsolationLevel } from '../settings/read-settings.ts';
import { byTopic, partitionKey } from '../topic-partitions.ts';
import type { Cluster } from './cluster.ts';

export const latestTimestamp = -1;
export const earliestTimestamp = -2;
export const maxTimestamp = -3;

/** One attempt: asks the leader of each partition, and throws a retriable error where one could not answer. */
export async function requestOffsets(
  cluster: Cluster,
  partitions: readonly (TopicPartition & { readonly timestamp: number })[],
  isolation: IsolationLevel,
): Promise<TopicPartitionOffset[]> {
  const missing = [...new Set(partitions.map(({ topic }) => topic))].filter(
    (topic) => cluster.metadata.topics.get(topic)?.errorCode !== errorCode.NONE,
  );
  if (missing.length > 0) await cluster.fetchMetadata(missing);
  const byLeader = new Map<number, (TopicPartition & { readonly timestamp: number })[]>();
  for (const item of partitions) {
    const leader = cluster.leader(item.topic, item.partition);
    if (leader === undefined) {
      await cluster.refresh();
      const code = cluster.metadata.topics.get(item.topic)?.errorCode || errorCode.LEADER_NOT_AVAILABLE;
      throw responseError(code, partitionKey(item.topic, item.partition));
    }
    const items = byLeader.get(leader.leader);
    if (items === undefined) byLeader.set(leader.leader, [item]);
    else items.push(item);
  }
  const answers = await Promise.all([...byLeader].map(([node, items]) => requestFrom(cluster, node, items, isolation)));
  return answers.flat();
}

/** The same, repeated until `default.api.timeout.ms`. */
export function findOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timestamp: number,
  isolation: IsolationLevel,
): Promise<TopicPartitionOffset[]> {
  const wanted = partitions.map(({ topic, partition }) => ({ topic, partition, timestamp }));
  return cluster.retry('ListOffsets', () => requestOffsets(cluster, wanted, isolation));
}

async function requestFrom(
  cluster: Cluster,
  node: number,
  items: readonly (TopicPartition & { readonly timestamp: number })[],
  isolation: IsolationLevel,
): Promise<TopicPartitionOffset[]> {
  const response = await cluster.request(node, listOffsets, {
    replicaId: -1,
    isolationLevel: isolation === 'read_committed' ? 1 : 0,
    timeoutMs: cluster.settings.requestTimeoutMs,
    topics: byTopic(items).map(([name, entries]) => ({
      name,
      partitions: entries.map(({ partition, timestamp }) => ({ partitionIndex: partition, timestamp })),
    })),
  });
  return response.topics.flatMap(({ name, partitions }) =>
    partitions.map((answer) => {
      if (answer.errorCode !== errorCode.NONE) {
        if (describeErrorCode(answer.errorCode).refreshesMetadata) void cluster.refresh();
        throw responseError(answer.errorCode, partitionKey(name, answer.partitionIndex));
      }
      if (answer.offset < -1) throw new KafkaError('INVALID_OFFSET', `${name}: offset ${answer.offset}`);
      return { topic: name, partition: answer.partitionIndex, offset: answer.offset };
    }),
  );
}
