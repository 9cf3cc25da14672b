import {
  type Api,
  type ApiLayout,
  addOffsetsToTxn,
  addPartitionsToTxn,
  endTxn,
  errorCode,
  initProducerId,
  produce,
  type Response,
  txnOffsetCommit,
} from '@millrace/protocol';
import type { Cluster, RequestFor } from '../cluster/cluster.ts';
import { backoff } from '../cluster/waiting.ts';
import { asKafkaError, type KafkaError } from '../errors.ts';
import type { CommittedOffset, GroupMetadata } from '../port.ts';
import type { ProducerSettings } from '../settings/read-settings.ts';
import { byTopic } from '../topic-partitions.ts';
import { transactionError } from './transaction-state.ts';

export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A marker takes a moment to be written: the coordinator answers CONCURRENT_TRANSACTIONS until then. */
export function transactionPause(attempt: number, error: KafkaError, settings: ProducerSettings): number {
  if (error.code === 'CONCURRENT_TRANSACTIONS') return Math.min(20, 2 * 2 ** Math.min(attempt, 8));
  return backoff(attempt, settings.retryBackoffMs, settings.retryBackoffMaxMs);
}

/** The requests of a transactional producer to its coordinators. */
export class TransactionRequests {
  /** Transaction protocol 2: partitions join by being written to, and each end gives a new epoch. */
  protocol2 = false;
  readonly #cluster: Cluster;
  readonly #settings: ProducerSettings;
  readonly #id: string;

  constructor(cluster: Cluster, settings: ProducerSettings, transactionalId: string) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#id = transactionalId;
  }

  /** With an identity the same producer goes on in a new epoch; without, earlier ones are fenced. */
  async initialize(identity?: ProducerIdentity): Promise<ProducerIdentity> {
    const response = await this.#request('InitProducerId', initProducerId, {
      transactionalId: this.#id,
      transactionTimeoutMs: this.#settings.transactionTimeoutMs,
      producerId: identity?.producerId ?? -1,
      producerEpoch: identity?.producerEpoch ?? -1,
    });
    const connection = await this.#cluster.connection(await this.#cluster.coordinator('transaction', this.#id));
    this.protocol2 =
      connection.featureLevel('transaction.version') >= 2 &&
      (connection.version(endTxn) ?? 0) >= 5 &&
      (connection.version(produce) ?? 0) >= 12;
    return { producerId: response.producerId, producerEpoch: response.producerEpoch };
  }

  async addPartitions(
    identity: ProducerIdentity,
    partitions: readonly { topic: string; partition: number }[],
  ): Promise<void> {
    const topics = byTopic(partitions).map(([name, entries]) => ({
      name,
      partitions: entries.map(({ partition }) => partition),
    }));
    await this.#request(
      'AddPartitionsToTxn',
      addPartitionsToTxn,
      {
        v3AndBelowTransactionalId: this.#id,
        v3AndBelowProducerId: identity.producerId,
        v3AndBelowProducerEpoch: identity.producerEpoch,
        v3AndBelowTopics: topics,
        transactions: [],
      },
      (response) => {
        const codes = response.resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
          resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
        );
        const meaningful = codes.filter(
          (code) => code !== errorCode.NONE && code !== errorCode.OPERATION_NOT_ATTEMPTED,
        );
        return meaningful[0] ?? codes.find((code) => code !== errorCode.NONE) ?? errorCode.NONE;
      },
    );
  }

  async addGroup(identity: ProducerIdentity, groupId: string): Promise<void> {
    await this.#request('AddOffsetsToTxn', addOffsetsToTxn, { transactionalId: this.#id, ...identity, groupId });
  }

  async commitOffsets(
    identity: ProducerIdentity,
    offsets: readonly CommittedOffset[],
    group: GroupMetadata,
  ): Promise<void> {
    const topics = byTopic(offsets).map(([name, entries]) => ({
      name,
      partitions: entries.map(({ partition, offset, metadata, leaderEpoch }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch ?? -1,
        committedMetadata: metadata ?? '',
      })),
    }));
    await this.#retry('TxnOffsetCommit', () =>
      this.#cluster.coordinated(
        'group',
        group.groupId,
        txnOffsetCommit,
        (version) => ({
          transactionalId: this.#id,
          groupId: group.groupId,
          ...identity,
          ...(version < 3
            ? {}
            : {
                generationId: group.generationId ?? -1,
                memberId: group.memberId ?? '',
                groupInstanceId: group.instanceId ?? null,
              }),
          topics,
        }),
        (response) =>
          response.topics
            .flatMap((topic) => topic.partitions.map((partition) => partition.errorCode))
            .find((code) => code !== errorCode.NONE) ?? errorCode.NONE,
        { maxVersion: this.protocol2 ? 5 : 4 },
      ),
    );
  }

  /** Ends the transaction and gives the identity of the next one. */
  async end(identity: ProducerIdentity, committed: boolean): Promise<ProducerIdentity> {
    const response = await this.#request('EndTxn', endTxn, { transactionalId: this.#id, ...identity, committed });
    if (!this.protocol2 || response.producerId < 0) return identity;
    return { producerId: response.producerId, producerEpoch: response.producerEpoch };
  }

  #request<Layout extends ApiLayout>(
    what: string,
    api: Api<Layout>,
    request: RequestFor<Layout>,
    errorOf: (response: Response<Api<Layout>>) => number = (response) =>
      (response as unknown as { errorCode: number }).errorCode,
  ): Promise<Response<Api<Layout>>> {
    // Version 5 of EndTxn and 12 of Produce mean protocol 2.
    const options = api.key === endTxn.key && !this.protocol2 ? { maxVersion: 4 } : {};
    return this.#retry(what, () => this.#cluster.coordinated('transaction', this.#id, api, request, errorOf, options));
  }

  async #retry<Value>(what: string, attempt: () => Promise<Value>): Promise<Value> {
    try {
      return await this.#cluster.retry(what, attempt, {
        deadlineMs: this.#settings.maxBlockMs,
        pause: (number, error) => transactionPause(number, error, this.#settings),
      });
    } catch (error) {
      throw transactionError(asKafkaError(error), this.#id);
    }
  }
}
