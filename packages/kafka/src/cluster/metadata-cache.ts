import type { metadata, Response } from '@millrace/protocol';
import type { BrokerAddress } from '../settings/read-settings.ts';

export interface PartitionMetadata {
  readonly partition: number;
  /** -1: nobody leads it at the moment. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  readonly id: string;
  readonly errorCode: number;
  readonly internal: boolean;
  readonly partitions: ReadonlyMap<number, PartitionMetadata>;
}

/** What is known of a cluster. */
export class MetadataCache {
  clusterId: string | null = null;
  controllerId = -1;
  readonly brokers: Map<number, BrokerAddress> = new Map();
  readonly topics: Map<string, TopicMetadata> = new Map();

  /** Takes over an answer; topics that were asked for and are gone stay with their error. `null`: all were asked for. */
  update(response: Response<typeof metadata>, asked: readonly string[] | null): void {
    if (response.clusterId !== null) this.clusterId = response.clusterId;
    this.controllerId = response.controllerId;
    this.brokers.clear();
    for (const { nodeId, host, port } of response.brokers) this.brokers.set(nodeId, { host, port });
    if (asked === null) this.topics.clear();
    for (const topic of response.topics) {
      if (topic.name === null) continue;
      const before = this.topics.get(topic.name);
      // A topic that was made anew counts its leaders' epochs from the beginning.
      const earlier = before?.id === topic.topicId ? before : undefined;
      const partitions = new Map<number, PartitionMetadata>();
      for (const entry of topic.partitions) {
        const known = earlier?.partitions.get(entry.partitionIndex);
        // A broker that lags behind may still name an earlier leader.
        const stale = known !== undefined && entry.leaderEpoch >= 0 && known.leaderEpoch > entry.leaderEpoch;
        partitions.set(
          entry.partitionIndex,
          stale
            ? known
            : {
                partition: entry.partitionIndex,
                leader: entry.leaderId,
                leaderEpoch: entry.leaderEpoch,
                replicas: entry.replicaNodes,
                inSync: entry.isrNodes,
              },
        );
      }
      this.topics.set(topic.name, {
        name: topic.name,
        id: topic.topicId,
        errorCode: topic.errorCode,
        internal: topic.isInternal,
        partitions,
      });
    }
  }
}
