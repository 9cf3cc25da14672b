import type { Cluster } from '../cluster/cluster.ts';
import { Cluster as ClusterClient } from '../cluster/cluster.ts';
import { earliestTimestamp, findOffsets, latestTimestamp, maxTimestamp } from '../cluster/list-offsets.ts';
import type {
  Admin,
  CommittedOffset,
  ConfigChange,
  ConfigEntry,
  ConfigResource,
  GroupDescription,
  NewTopic,
  OffsetTime,
  Outcomes,
  TopicDescription,
  TopicPartition,
  TopicPartitionOffset,
} from '../port.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { ConnectionSettings, IsolationLevel } from '../settings/read-settings.ts';
import { alterConfigs, describeConfigs } from './configs.ts';
import { fenceProducer } from './fence-producer.ts';
import {
  alterGroupOffsets,
  deleteGroup,
  deleteGroupOffsets,
  describeGroup,
  listGroupOffsets,
  listGroups,
  removeStaticMember,
} from './groups.ts';
import { outcomesOf } from './outcomes.ts';
import { createPartitions, createTopics, deleteRecords, deleteTopics, describeTopics, listTopics } from './topics.ts';

/** {@link Admin} over our own requests. */
export class KafkaAdmin implements Admin {
  readonly #cluster: Cluster;

  constructor(options: { readonly settings: ConnectionSettings; readonly log: KafkaLog }) {
    this.#cluster = new ClusterClient(options.settings, options.log);
  }

  async clusterId(): Promise<string | null> {
    await this.#cluster.retry('Metadata', () => this.#cluster.fetchMetadata([]));
    return this.#cluster.clusterId;
  }

  listTopics(): Promise<string[]> {
    return listTopics(this.#cluster);
  }

  createTopics(topics: readonly NewTopic[], options: { readonly validateOnly?: boolean } = {}): Promise<Outcomes> {
    return createTopics(this.#cluster, topics, options.validateOnly ?? false);
  }

  describeTopics(names: readonly string[]): Promise<Map<string, TopicDescription>> {
    return describeTopics(this.#cluster, names);
  }

  deleteTopics(names: readonly string[]): Promise<Outcomes> {
    return deleteTopics(this.#cluster, names);
  }

  createPartitions(topic: string, count: number): Promise<void> {
    return createPartitions(this.#cluster, topic, count);
  }

  deleteRecords(before: readonly TopicPartitionOffset[]): Promise<void> {
    return deleteRecords(this.#cluster, before);
  }

  describeConfigs(resource: ConfigResource): Promise<ConfigEntry[]> {
    return describeConfigs(this.#cluster, resource);
  }

  alterConfigs(resource: ConfigResource, changes: readonly ConfigChange[]): Promise<void> {
    return alterConfigs(this.#cluster, resource, changes);
  }

  listGroups(): Promise<{ readonly groupId: string; readonly protocolType: string; readonly state: string }[]> {
    return listGroups(this.#cluster);
  }

  describeGroup(groupId: string): Promise<GroupDescription> {
    return describeGroup(this.#cluster, groupId);
  }

  deleteGroups(groupIds: readonly string[]): Promise<Outcomes> {
    return outcomesOf(groupIds, (groupId) => deleteGroup(this.#cluster, groupId));
  }

  removeGroupMembers(groupId: string, instanceIds: readonly string[]): Promise<Outcomes> {
    return outcomesOf(instanceIds, (instanceId) => removeStaticMember(this.#cluster, groupId, instanceId));
  }

  listGroupOffsets(groupId: string): Promise<CommittedOffset[]> {
    return listGroupOffsets(this.#cluster, groupId);
  }

  alterGroupOffsets(groupId: string, offsets: readonly CommittedOffset[]): Promise<void> {
    return alterGroupOffsets(this.#cluster, groupId, offsets);
  }

  deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void> {
    return deleteGroupOffsets(this.#cluster, groupId, partitions);
  }

  listOffsets(
    partitions: readonly TopicPartition[],
    time: OffsetTime,
    options: { readonly isolation?: IsolationLevel } = {},
  ): Promise<TopicPartitionOffset[]> {
    return findOffsets(this.#cluster, partitions, timestampOf(time), options.isolation ?? 'read_uncommitted');
  }

  fenceProducers(transactionalIds: readonly string[]): Promise<Outcomes> {
    return outcomesOf(transactionalIds, (id) => fenceProducer(this.#cluster, id));
  }

  async close(): Promise<void> {
    this.#cluster.close();
  }
}

function timestampOf(time: OffsetTime): number {
  if (typeof time === 'object') return time.timestamp;
  return { earliest: earliestTimestamp, latest: latestTimestamp, maxTimestamp }[time];
}
