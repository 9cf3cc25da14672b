import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addPartitionsToTxn,
  createTopics,
  endTxn,
  fetch,
  initProducerId,
  listOffsets,
  produce,
  type Response,
} from '@millrace/protocol';
import { onTestFinished } from 'vitest';
import { type Broker, type BrokerOptions, startBroker } from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

/** A directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'broker-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A broker that is closed after the test. */
export async function testBroker(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await startBroker(options);
  onTestFinished(() => broker.close());
  return broker;
}

/** A connection that is closed after the test. */
export async function testClient(broker: Pick<Broker, 'host' | 'port'>): Promise<TestClient> {
  const client = new TestClient(await RawClient.connect(broker));
  onTestFinished(() => client.raw.close());
  return client;
}

export type FetchedPartition = Response<typeof fetch>['responses'][number]['partitions'][number];

export interface Transactional {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** The requests that most tests need, with one topic and one partition each. */
export class TestClient {
  readonly raw: RawClient;

  constructor(raw: RawClient) {
    this.raw = raw;
  }

  async createTopic(name: string, configs: Record<string, string> = {}, numPartitions = 1): Promise<number> {
    const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
    const { topics } = await this.raw.call(createTopics, 5, {
      topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: entries }],
    });
    return topics[0]!.errorCode;
  }

  async produce(
    topic: string,
    records: Uint8Array,
    options: { partition?: number; acks?: number; transactionalId?: string } = {},
  ) {
    const { responses } = await this.raw.call(produce, 9, {
      transactionalId: options.transactionalId ?? null,
      acks: options.acks ?? -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: options.partition ?? 0, records }] }],
    });
    return responses[0]!.partitionResponses[0]!;
  }

  async fetch(
    topic: string,
    fetchOffset: number,
    options: { partition?: number; maxWaitMs?: number; maxBytes?: number; committed?: boolean; minBytes?: number } = {},
  ): Promise<FetchedPartition> {
    const { responses } = await this.raw.call(fetch, 11, {
      maxWaitMs: options.maxWaitMs ?? 0,
      minBytes: options.minBytes ?? 1,
      isolationLevel: options.committed === true ? 1 : 0,
      topics: [
        {
          topic,
          partitions: [
            { partition: options.partition ?? 0, fetchOffset, partitionMaxBytes: options.maxBytes ?? 1_048_576 },
          ],
        },
      ],
    });
    return responses[0]!.partitions[0]!;
  }

  async offsetAt(topic: string, timestamp: number, isolationLevel = 0) {
    const { topics } = await this.raw.call(listOffsets, 7, {
      replicaId: -1,
      isolationLevel,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
    });
    return topics[0]!.partitions[0]!;
  }

  initialize(transactionalId: string, transactionTimeoutMs = 60_000, producerId = -1, producerEpoch = -1) {
    return this.raw.call(initProducerId, 4, { transactionalId, transactionTimeoutMs, producerId, producerEpoch });
  }

  async begin(transactional: Transactional, topic: string): Promise<number> {
    const { resultsByTopicV3AndBelow } = await this.raw.call(addPartitionsToTxn, 3, {
      v3AndBelowTransactionalId: transactional.transactionalId,
      v3AndBelowProducerId: transactional.producerId,
      v3AndBelowProducerEpoch: transactional.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [0] }],
    });
    return resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode;
  }

  async end(transactional: Transactional, committed: boolean, version = 3) {
    const { transactionalId, producerId, producerEpoch } = transactional;
    return this.raw.call(endTxn, version, { transactionalId, producerId, producerEpoch, committed });
  }
}
