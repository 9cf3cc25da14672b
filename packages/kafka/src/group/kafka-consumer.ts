import {
  type ConsumerSubscription,
  decodeConsumerAssignment,
  decodeConsumerSubscription,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
  errorCode,
} from '@millrace/protocol';
import { Cluster } from '../cluster/cluster.ts';
import { asKafkaError, KafkaError } from '../errors.ts';
import type {
  CommittedOffset,
  FetchedRecords,
  Generation,
  GroupConsumer,
  GroupMemberInfo,
  GroupMetadata,
  GroupProtocol,
  RebalanceListener,
  Subscription,
  TopicPartition,
  TopicPartitionOffset,
} from '../port.ts';
import { KafkaReader } from '../reader/kafka-reader.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { AssignorName, GroupSettings, IsolationLevel } from '../settings/read-settings.ts';
import { byTopic, partitionKey } from '../topic-partitions.ts';
import { assignors } from './assignor.ts';
import { KafkaGroupMember } from './kafka-group-member.ts';
import { compare } from './member-order.ts';

/** {@link GroupConsumer}: a group member of type `consumer` that moves the assignment of a reader. */
export class KafkaConsumer implements GroupConsumer {
  readonly #settings: GroupSettings;
  readonly #log: KafkaLog;
  readonly #cluster: Cluster;
  readonly #reader: KafkaReader;
  readonly #member: KafkaGroupMember;
  /** Partitions are kept over a rebalance, and given up only when they move. */
  readonly #cooperative: boolean;
  #subscription: Subscription = { topics: [] };
  #listener: RebalanceListener = {};
  #topics: readonly string[] = [];
  #owned: readonly TopicPartition[] = [];
  /** What the last assignment of this leader was made from. */
  #counts: string | undefined;
  #lastGeneration = -1;
  #watch: NodeJS.Timeout | undefined;
  #rebalancing: Promise<void> | undefined;
  /** What the listener threw, until a poll has said so. */
  #listenerError: KafkaError | undefined;
  /** The group can never be joined again. */
  #fatalError: KafkaError | undefined;

  constructor(options: { readonly settings: GroupSettings; readonly log: KafkaLog }) {
    const { settings, log } = options;
    this.#settings = settings;
    this.#log = log;
    this.#cluster = new Cluster(settings, log);
    this.#cooperative = settings.assignors.every((name) => name === 'cooperative-sticky');
    this.#reader = new KafkaReader({ settings, log, cluster: this.#cluster });
    this.#member = new KafkaGroupMember({
      settings,
      log,
      cluster: this.#cluster,
      protocolType: 'consumer',
      callbacks: {
        protocols: () => this.#protocols(),
        assign: (protocol, members) => this.#assign(protocol, members),
        revoking: () => this.#rebalance(() => this.#revokeAll()),
        assigned: (generation) => this.#rebalance(() => this.#assigned(generation)),
        lost: () => this.#rebalance(() => this.#lost()),
        failed: (error) => this.#failed(error),
      },
    });
  }

  get assignment(): readonly TopicPartition[] {
    return this.#owned;
  }

  get groupMetadata(): GroupMetadata {
    return this.#member.metadata;
  }

  async start(subscription: Subscription, listener: RebalanceListener = {}): Promise<void> {
    this.#subscription = subscription;
    this.#listener = listener;
    await this.#cluster.retry('Metadata', () => this.#findTopics());
    this.#watch = setInterval(() => void this.#lookForTopics(), this.#settings.metadataMaxAgeMs);
    await this.#member.start();
  }

  async poll(timeoutMs: number): Promise<readonly FetchedRecords[]> {
    this.#member.progress();
    // Nothing of an assignment is seen before the listener has seen it.
    await this.#rebalancing;
    this.#throwErrors();
    const records = await this.#reader.poll(timeoutMs);
    this.#throwErrors();
    return records;
  }

  wakeup(): void {
    this.#reader.wakeup();
  }

  seek(topic: string, partition: number, offset: number | 'earliest' | 'latest'): void {
    this.#reader.seek(topic, partition, offset);
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#reader.pause(partitions);
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#reader.resume(partitions);
  }

  position(topic: string, partition: number): number | undefined {
    return this.#reader.position(topic, partition);
  }

  endOffsets(partitions: readonly TopicPartition[], isolation?: IsolationLevel): Promise<TopicPartitionOffset[]> {
    return this.#reader.endOffsets(partitions, isolation);
  }

  beginningOffsets(partitions: readonly TopicPartition[]): Promise<TopicPartitionOffset[]> {
    return this.#reader.beginningOffsets(partitions);
  }

  commit(offsets: readonly CommittedOffset[]): Promise<void> {
    return this.#member.commit(offsets);
  }

  committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]> {
    return this.#member.committed(partitions);
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await this.#member.close();
    await this.#reader.close();
    this.#cluster.close();
    this.#throwListenerError();
  }

  #protocols(): GroupProtocol[] {
    const generation = Buffer.alloc(4);
    generation.writeInt32BE(this.#lastGeneration);
    return this.#settings.assignors.map((name) => ({
      name,
      metadata: encodeConsumerSubscription({
        topics: [...this.#topics].sort(compare),
        userData: name === 'cooperative-sticky' ? generation : null,
        ownedPartitions: byTopic(this.#owned).map(([topic, items]) => ({
          topic,
          partitions: items.map(({ partition }) => partition),
        })),
        generationId: this.#lastGeneration,
        rackId: this.#settings.rack === '' ? null : this.#settings.rack,
      }),
    }));
  }

  async #assign(protocol: string, members: readonly GroupMemberInfo[]): Promise<Map<string, Uint8Array>> {
    const subscriptions = members.map(({ memberId, instanceId, metadata }) => {
      const subscription = decodeConsumerSubscription(metadata);
      const owned = subscription.ownedPartitions.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      return { memberId, instanceId, topics: subscription.topics, owned, generation: generationOf(subscription) };
    });
    const topics = [...new Set(subscriptions.flatMap((subscription) => subscription.topics))].sort(compare);
    await this.#cluster.fetchMetadata(topics);
    const counts = this.#partitionCounts(topics);
    this.#counts = JSON.stringify([...counts]);
    const assignor = assignors[protocol as AssignorName];
    const assignment = assignor(subscriptions, counts);
    return new Map(
      [...assignment].map(([memberId, partitions]) => [
        memberId,
        encodeConsumerAssignment({
          assignedPartitions: byTopic(partitions).map(([topic, items]) => ({
            topic,
            partitions: items.map(({ partition }) => partition),
          })),
        }),
      ]),
    );
  }

  /** Before the group is joined again. A consumer that cooperates gives nothing up yet. */
  async #revokeAll(): Promise<void> {
    if (this.#cooperative && !this.#member.closing) return;
    await this.#revoke(this.#owned, []);
  }

  async #assigned(generation: Generation): Promise<void> {
    this.#lastGeneration = generation.generationId;
    const partitions =
      generation.assignment.length === 0
        ? []
        : decodeConsumerAssignment(generation.assignment).assignedPartitions.flatMap(({ topic, partitions: all }) =>
            all.map((partition) => ({ topic, partition })),
          );
    const owned = new Set(this.#owned.map(({ topic, partition }) => partitionKey(topic, partition)));
    const assigned = new Set(partitions.map(({ topic, partition }) => partitionKey(topic, partition)));
    const revoked = this.#owned.filter(({ topic, partition }) => !assigned.has(partitionKey(topic, partition)));
    const kept = this.#owned.filter(({ topic, partition }) => assigned.has(partitionKey(topic, partition)));
    const added = partitions.filter(({ topic, partition }) => !owned.has(partitionKey(topic, partition)));
    if (revoked.length > 0) {
      await this.#revoke(revoked, kept);
      this.#member.rejoin('partitions were given up');
    }
    const offsets = new Map<string, CommittedOffset>();
    if (added.length > 0) {
      try {
        for (const committed of await this.#member.committed(added)) {
          offsets.set(partitionKey(committed.topic, committed.partition), committed);
        }
      } catch (error) {
        // Without its offset a partition would be read from the wrong place.
        this.#offsetsUnreadable(asKafkaError(error));
        return;
      }
    }
    this.#owned = [...kept, ...added];
    this.#reader.assign([
      ...kept,
      ...added.map((item) => offsets.get(partitionKey(item.topic, item.partition)) ?? item),
    ]);
    await this.#tell('assigned', added);
  }

  #offsetsUnreadable(error: KafkaError): void {
    if (this.#member.closing) return;
    const message = `The committed offsets of group ${this.#settings.groupId} could not be read: ${error.message}`;
    this.#log('error', message);
    if (error.retriable) this.#member.rejoin('the committed offsets could not be read');
    else this.#member.fail(new KafkaError(error.code, message, { cause: error }));
  }

  async #revoke(revoked: readonly TopicPartition[], kept: readonly TopicPartition[]): Promise<void> {
    if (revoked.length === 0) return;
    await this.#tell('revoked', revoked);
    this.#owned = kept;
    this.#reader.assign(kept);
  }

  async #lost(): Promise<void> {
    const lost = this.#owned;
    this.#owned = [];
    this.#lastGeneration = -1;
    this.#reader.assign([]);
    if (lost.length === 0) return;
    await this.#tell(this.#listener.lost === undefined ? 'revoked' : 'lost', lost);
  }

  /** As in Java, what a listener throws does not stop the rebalance; the next poll throws it. */
  async #tell(event: 'assigned' | 'revoked' | 'lost', partitions: readonly TopicPartition[]): Promise<void> {
    try {
      await this.#listener[event]?.(partitions);
    } catch (error) {
      const { message } = asKafkaError(error);
      const what = `The rebalance listener of group ${this.#settings.groupId} threw when partitions were ${event}`;
      this.#listenerError ??= new KafkaError('REBALANCE_LISTENER_FAILED', `${what}: ${message}`, { cause: error });
      this.#reader.wakeup();
    }
  }

  #failed(error: KafkaError): void {
    this.#fatalError = error;
    this.#reader.wakeup();
    this.#listener.failed?.(error);
  }

  #throwErrors(): void {
    this.#throwListenerError();
    if (this.#fatalError !== undefined) throw this.#fatalError;
  }

  #throwListenerError(): void {
    const error = this.#listenerError;
    this.#listenerError = undefined;
    if (error !== undefined) throw error;
  }

  /** Holds polls back while partitions change. */
  async #rebalance(work: () => Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#rebalancing = promise;
    try {
      await work();
    } finally {
      this.#rebalancing = undefined;
      resolve();
    }
  }

  async #findTopics(): Promise<void> {
    const subscription = this.#subscription;
    if ('topics' in subscription) {
      this.#topics = subscription.topics;
      await this.#cluster.fetchMetadata(subscription.topics, this.#settings.allowAutoCreate);
      return;
    }
    await this.#cluster.fetchMetadata(null);
    this.#topics = [...this.#cluster.metadata.topics.values()]
      .filter(({ name, internal }) => !internal && subscription.pattern(name))
      .map(({ name }) => name)
      .sort(compare);
  }

  /** New topics that fit the pattern, and for the leader, new partitions, are a reason to share out again. */
  async #lookForTopics(): Promise<void> {
    try {
      const before = this.#topics.join();
      await this.#findTopics();
      if (this.#topics.join() !== before) {
        this.#member.rejoin('the topics of the subscription have changed');
      } else if (this.#member.generation?.isLeader === true && this.#counts !== undefined) {
        const topics = (JSON.parse(this.#counts) as [string, number][]).map(([topic]) => topic);
        const known = [...new Set([...topics, ...this.#topics])].sort(compare);
        if (JSON.stringify([...this.#partitionCounts(known)]) !== this.#counts)
          this.#member.rejoin('there are new partitions');
      }
    } catch (error) {
      this.#log('debug', `Looking for topics failed: ${asKafkaError(error).message}`);
    }
  }

  #partitionCounts(topics: readonly string[]): Map<string, number> {
    const counts = new Map<string, number>();
    for (const topic of topics) {
      const found = this.#cluster.metadata.topics.get(topic);
      if (found !== undefined && found.errorCode === errorCode.NONE) counts.set(topic, found.partitions.size);
    }
    return counts;
  }
}

/** Newer members say it in the subscription, older ones in the assignor's own data. */
function generationOf({ generationId, userData }: ConsumerSubscription): number {
  if (generationId >= 0 || userData === null || userData.length < 4) return generationId;
  return userData.readInt32BE(0);
}
