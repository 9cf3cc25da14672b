import {
  createPartitions as createPartitionsApi,
  createTopics as createTopicsApi,
  deleteRecords as deleteRecordsApi,
  deleteTopics as deleteTopicsApi,
  errorCode,
} from '@millrace/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { finalError, type KafkaError, responseError } from '../errors.ts';
import type { NewTopic, Outcomes, TopicDescription, TopicPartitionOffset } from '../port.ts';
import { byTopic, partitionKey } from '../topic-partitions.ts';

export async function listTopics(cluster: Cluster): Promise<string[]> {
  await cluster.retry('Metadata', () => cluster.fetchMetadata(null));
  return [...cluster.metadata.topics.values()]
    .filter((topic) => topic.errorCode === errorCode.NONE)
    .map(({ name }) => name);
}

export function createTopics(cluster: Cluster, topics: readonly NewTopic[], validateOnly: boolean): Promise<Outcomes> {
  const names = topics.map(({ name }) => name);
  return eachTopic(cluster, 'CreateTopics', names, async (pending) => {
    const response = await cluster.request('controller', createTopicsApi, {
      topics: topics
        .filter(({ name }) => pending.includes(name))
        .map(({ name, partitions, replicationFactor, configs }) => ({
          name,
          numPartitions: partitions ?? -1,
          replicationFactor: replicationFactor ?? -1,
          assignments: [],
          configs: Object.entries(configs ?? {}).map(([key, value]) => ({ name: key, value })),
        })),
      timeoutMs: cluster.settings.requestTimeoutMs,
      validateOnly,
    });
    return response.topics;
  });
}

export function deleteTopics(cluster: Cluster, names: readonly string[]): Promise<Outcomes> {
  return eachTopic(cluster, 'DeleteTopics', names, async (pending) => {
    const response = await cluster.request('controller', deleteTopicsApi, {
      topics: [],
      topicNames: pending,
      timeoutMs: cluster.settings.requestTimeoutMs,
    });
    return response.responses.map(({ name, errorCode: code, errorMessage }) => ({
      name: name ?? '',
      errorCode: code,
      errorMessage,
    }));
  });
}

export async function describeTopics(
  cluster: Cluster,
  names: readonly string[],
): Promise<Map<string, TopicDescription>> {
  return await cluster.retry('Metadata', async () => {
    await cluster.fetchMetadata(names);
    const descriptions = new Map<string, TopicDescription>();
    for (const name of names) {
      const topic = cluster.metadata.topics.get(name);
      if (topic === undefined || topic.errorCode === errorCode.UNKNOWN_TOPIC_OR_PARTITION) continue;
      if (topic.errorCode !== errorCode.NONE) throw responseError(topic.errorCode, `topic ${name}`);
      const partitions = [...topic.partitions.values()]
        .map(({ partition, leader, replicas, inSync }) => ({ partition, leader, replicas, inSync }))
        .sort((one, other) => one.partition - other.partition);
      descriptions.set(name, { name, id: topic.id, internal: topic.internal, partitions });
    }
    return descriptions;
  });
}

export async function createPartitions(cluster: Cluster, topic: string, count: number): Promise<void> {
  await cluster.retry(`CreatePartitions of ${topic}`, async () => {
    const response = await cluster.request('controller', createPartitionsApi, {
      topics: [{ name: topic, count, assignments: null }],
      timeoutMs: cluster.settings.requestTimeoutMs,
      validateOnly: false,
    });
    for (const { errorCode: code, errorMessage } of response.results) {
      if (code !== errorCode.NONE) throw finalError(code, `partitions of topic ${topic}`, errorMessage);
    }
  });
}

export async function deleteRecords(cluster: Cluster, before: readonly TopicPartitionOffset[]): Promise<void> {
  await cluster.retry('DeleteRecords', async () => {
    await cluster.fetchMetadata([...new Set(before.map(({ topic }) => topic))]);
    const byLeader = new Map<number, TopicPartitionOffset[]>();
    for (const item of before) {
      const leader = cluster.leader(item.topic, item.partition);
      if (leader === undefined) {
        const code = cluster.metadata.topics.get(item.topic)?.errorCode || errorCode.LEADER_NOT_AVAILABLE;
        throw responseError(code, partitionKey(item.topic, item.partition));
      }
      byLeader.set(leader.leader, [...(byLeader.get(leader.leader) ?? []), item]);
    }
    for (const [node, items] of byLeader) {
      const response = await cluster.request(node, deleteRecordsApi, {
        topics: byTopic(items).map(([name, entries]) => ({
          name,
          partitions: entries.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
        })),
        timeoutMs: cluster.settings.requestTimeoutMs,
      });
      for (const { name, partitions } of response.topics) {
        for (const { partitionIndex, errorCode: code } of partitions) {
          if (code !== errorCode.NONE) throw responseError(code, `records of ${partitionKey(name, partitionIndex)}`);
        }
      }
    }
  });
}

interface TopicResult {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Topics that fail for the moment are asked for again; what became of the others is remembered. */
async function eachTopic(
  cluster: Cluster,
  what: string,
  names: readonly string[],
  request: (pending: readonly string[]) => Promise<readonly TopicResult[]>,
): Promise<Outcomes> {
  const outcomes = new Map<string, KafkaError | undefined>();
  await cluster.retry(what, async () => {
    const pending = names.filter((name) => !outcomes.has(name));
    let failure: KafkaError | undefined;
    for (const { name, errorCode: code, errorMessage } of await request(pending)) {
      const error = code === errorCode.NONE ? undefined : responseError(code, `topic ${name}`, errorMessage);
      const final = error?.retriable !== true || code === errorCode.UNKNOWN_TOPIC_OR_PARTITION;
      if (final) outcomes.set(name, error);
      else failure = error;
    }
    if (failure?.code === 'NOT_CONTROLLER') cluster.metadata.controllerId = -1;
    if (failure !== undefined) throw failure;
  });
  return new Map(names.map((name) => [name, outcomes.get(name)]));
}
