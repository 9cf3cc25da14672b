import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeService } from '@millrace/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AbortedTransactions,
  type Api,
  addOffsetsToTxn,
  addPartitionsToTxn,
  alterConfigs,
  apis,
  apiVersions,
  type CompressionCodec,
  createPartitions,
  createTopics,
  decodeConsumerAssignment,
  deleteGroups,
  deleteRecords,
  deleteTopics,
  describeCluster,
  describeConfigs,
  describeErrorCode,
  describeGroups,
  describeProducers,
  describeTransactions,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
  endTxn,
  fetch,
  findCoordinator,
  heartbeat,
  incrementalAlterConfigs,
  initProducerId,
  joinGroup,
  leaveGroup,
  listGroups,
  listOffsets,
  listTransactions,
  metadata,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  offsetForLeaderEpoch,
  type ProducerState,
  produce,
  RecordBatchReader,
  RecordBatchWriter,
  syncGroup,
  txnOffsetCommit,
} from '../src/index.ts';
import { KafkaConnection } from './kafka-connection.ts';

const run = promisify(execFile);

function expectNoError(code: number): void {
  expect(describeErrorCode(code).name).toBe('NONE');
}

describeService('kafka', (kafka) => {
  let connection: KafkaConnection;
  let topicId = '';
  const topic = 'protocol-records';
  const codecs: readonly CompressionCodec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

  beforeAll(async () => {
    connection = await KafkaConnection.open(kafka.env.KAFKA_BOOTSTRAP);
    const created = await connection.send(createTopics, createTopics.maxVersion, {
      topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 10_000,
    });
    expectNoError(created.topics[0]!.errorCode);
    topicId = created.topics[0]!.topicId;
    await leaderOf(topic);
  });

  afterAll(async () => {
    connection.close();
    await kafka.stop();
  });

  /** Asks until the topic has a leader. */
  async function leaderOf(name: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { topics } = await connection.send(metadata, 13, { topics: [{ name }] });
      const leader = topics[0]?.partitions[0]?.leaderId ?? -1;
      if (leader >= 0) return;
      if (Date.now() > deadline) throw new Error(`${name} has no leader: ${JSON.stringify(topics)}`);
    }
  }

  function batchOf(
    values: readonly string[],
    options: { compression?: CompressionCodec; producer?: ProducerState; transactional?: boolean } = {},
  ): Buffer {
    const writer = new RecordBatchWriter();
    writer.begin();
    for (const value of values) {
      writer.append(Date.now(), Buffer.from('key'), Buffer.from(value), [
        { name: 'bytes', value: Buffer.from([2, 255]) },
        { name: 'null', value: null },
      ]);
    }
    return writer.finish(options);
  }

  async function append(records: Buffer, version = 13, transactionalId: string | null = null): Promise<number> {
    const { responses } = await connection.send(produce, version, {
      transactionalId,
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, topicId, partitionData: [{ index: 0, records }] }],
    });
    const [answer] = responses[0]!.partitionResponses;
    expect(answer?.errorMessage).toBeNull();
    expectNoError(answer!.errorCode);
    return answer!.baseOffset;
  }

  async function readFrom(fetchOffset: number, version: number, isolationLevel = 0): Promise<string[]> {
    const { responses } = await connection.send(fetch, version, {
      maxWaitMs: 500,
      minBytes: 1,
      isolationLevel,
      topics: [{ topic, topicId, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 10_000_000 }] }],
    });
    const partition = responses[0]!.partitions[0]!;
    expectNoError(partition.errorCode);
    const aborted = new AbortedTransactions(partition.abortedTransactions);
    const reader = new RecordBatchReader();
    const values: string[] = [];
    reader.reset(partition.records!);
    while (reader.nextBatch()) {
      if (isolationLevel === 1 ? aborted.skips(reader) : reader.isControl) continue;
      while (reader.next()) {
        if (reader.offset >= fetchOffset)
          values.push(reader.buffer.toString('utf8', reader.valueStart, reader.valueEnd));
      }
    }
    return values;
  }

  test('accepts exactly the versions that are spoken here', async () => {
    for (const version of [0, 1, 2, 3, 4]) {
      const answer = await connection.send(apiVersions, version, {
        clientSoftwareName: 'millrace',
        clientSoftwareVersion: '0.0.0',
      });
      expectNoError(answer.errorCode);
      const offered = new Map(answer.apiKeys.map((range) => [range.apiKey, range]));
      const spoken = apis.filter((api) => offered.has(api.key));
      expect(spoken.length).toBe(apis.length);
      // Brokers state 0 for Produce because of an old librdkafka, and refuse what is below 3.
      const stated = (api: Pick<Api, 'key' | 'minVersion'>) => (api.key === produce.key ? 0 : api.minVersion);
      expect(spoken.map((api) => offered.get(api.key))).toMatchObject(
        spoken.map((api) => ({ apiKey: api.key, minVersion: stated(api), maxVersion: api.maxVersion })),
      );
    }
  });

  test.each(codecs)('appends, validates and gives back batches with %s, which Java reads too', async (compression) => {
    const values = Array.from({ length: 3000 }, (_, index) => `${compression} ${index} ${'ä'.repeat(index % 40)}`);
    const offset = await append(batchOf(values, { compression }));
    expect(await readFrom(offset, 18)).toEqual(values);
    const { stdout } = await run(
      'java',
      [
        ...['-cp', kafka.env.KAFKA_CLASSPATH, 'org.apache.kafka.tools.consumer.ConsoleConsumer'],
        ...['--bootstrap-server', kafka.env.KAFKA_BOOTSTRAP, '--topic', topic, '--partition', '0'],
        ...['--offset', `${offset}`, '--max-messages', `${values.length}`, '--timeout-ms', '30000'],
      ],
      { timeout: 60_000, maxBuffer: 10_000_000 },
    );
    expect(stdout.trimEnd().split('\n')).toEqual(values);
  });

  test.each(codecs)('gives back what a Java producer wrote with %s', async (compression) => {
    const { partitionsEnd } = await endOffset();
    const lines = Array.from({ length: 2000 }, (_, index) => `java ${compression} ${index} ${'x'.repeat(index % 50)}`);
    const child = run(
      'java',
      [
        ...['-cp', kafka.env.KAFKA_CLASSPATH, 'org.apache.kafka.tools.ConsoleProducer'],
        ...['--bootstrap-server', kafka.env.KAFKA_BOOTSTRAP, '--topic', topic, '--compression-codec', compression],
      ],
      { timeout: 60_000 },
    );
    child.child.stdin?.end(`${lines.join('\n')}\n`);
    await child;
    const found: string[] = [];
    while (found.length < lines.length) {
      const more = await readFrom(partitionsEnd + found.length, 12);
      expect(more.length).toBeGreaterThan(0);
      found.push(...more);
    }
    expect(found).toEqual(lines);
  });

  async function endOffset(): Promise<{ partitionsEnd: number }> {
    const { topics } = await connection.send(listOffsets, listOffsets.maxVersion, {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 10_000,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    });
    return { partitionsEnd: topics[0]!.partitions[0]!.offset };
  }

  function versionsOf(api: Pick<Api, 'minVersion' | 'maxVersion'>): number[] {
    return Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, index) => api.minVersion + index);
  }

  test('answers every version of Produce, Fetch, ListOffsets, OffsetForLeaderEpoch and Metadata', async () => {
    for (const version of versionsOf(produce)) await append(batchOf([`v${version}`]), version);
    for (const version of versionsOf(fetch)) expect(await readFrom(0, version)).not.toHaveLength(0);
    for (const version of versionsOf(listOffsets)) {
      const answer = await connection.send(listOffsets, version, {
        replicaId: -1,
        timeoutMs: 1000,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -2 }] }],
      });
      expect(answer.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, offset: 0 });
    }
    for (const version of versionsOf(offsetForLeaderEpoch)) {
      const answer = await connection.send(offsetForLeaderEpoch, version, {
        topics: [{ topic, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
      });
      expect(answer.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, leaderEpoch: 0 });
    }
    for (const version of versionsOf(metadata)) {
      const answer = await connection.send(metadata, version, { topics: [{ name: topic }] });
      expect(answer.topics[0]).toMatchObject({ errorCode: 0, name: topic });
      expect(answer.brokers[0]?.host).toBe('127.0.0.1');
    }
  });

  test('fetches in a session', async () => {
    const offset = await append(batchOf(['before']));
    const partition = { partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000 };
    const limits = { maxWaitMs: 200, minBytes: 1 };
    const full = await connection.send(fetch, 18, {
      ...limits,
      sessionEpoch: 0,
      topics: [{ topicId, partitions: [partition] }],
    });
    expect(full.sessionId).not.toBe(0);
    const empty = await connection.send(fetch, 18, {
      ...limits,
      sessionId: full.sessionId,
      sessionEpoch: 1,
      topics: [{ topicId, partitions: [{ ...partition, fetchOffset: offset + 1 }] }],
    });
    expect(empty).toMatchObject({ errorCode: 0, responses: [] });
    await append(batchOf(['after']));
    const next = await connection.send(fetch, 18, {
      ...limits,
      sessionId: full.sessionId,
      sessionEpoch: 2,
      topics: [],
    });
    expect(next.responses[0]?.partitions[0]?.records?.length).toBeGreaterThan(0);
  });

  test('runs transactions in both protocols, and read_committed sees only what was committed', async () => {
    const transactionalId = 'protocol-transaction';
    const start = await connection.send(findCoordinator, 6, { keyType: 1, coordinatorKeys: [transactionalId] });
    expect(start.coordinators).toHaveLength(1);
    const state = await initProducer(transactionalId);
    const { partitionsEnd: before } = await endOffset();
    let baseSequence = 0;
    const inTransaction = async (values: string[], committed: boolean) => {
      const added = await connection.send(addPartitionsToTxn, 3, {
        v3AndBelowTransactionalId: transactionalId,
        v3AndBelowProducerId: state.producerId,
        v3AndBelowProducerEpoch: state.producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions: [0] }],
      });
      const { partitionErrorCode } = added.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!;
      if (describeErrorCode(partitionErrorCode).name === 'CONCURRENT_TRANSACTIONS') {
        await inTransaction(values, committed);
        return;
      }
      expectNoError(partitionErrorCode);
      const producer = { producerId: state.producerId, producerEpoch: state.producerEpoch, baseSequence };
      await append(batchOf(values, { transactional: true, producer }), 11, transactionalId);
      baseSequence += values.length;
      const { producerId, producerEpoch } = state;
      expectNoError(
        (await connection.send(endTxn, 3, { transactionalId, producerId, producerEpoch, committed })).errorCode,
      );
    };
    await inTransaction(['one'], true);
    await inTransaction(['two', 'three'], false);
    await inTransaction(['four'], true);

    const bumped = await initProducer(transactionalId);
    expect(bumped.producerEpoch).toBeGreaterThan(state.producerEpoch);
    await append(
      batchOf(['five'], { transactional: true, producer: { ...bumped, baseSequence: 0 } }),
      13,
      transactionalId,
    );
    const producers = await connection.send(describeProducers, 0, { topics: [{ name: topic, partitionIndexes: [0] }] });
    const active = producers.topics[0]!.partitions[0]!.activeProducers;
    expect(active.find(({ producerId }) => producerId === bumped.producerId)?.currentTxnStartOffset).toBeGreaterThan(0);
    const described = await connection.send(describeTransactions, 0, { transactionalIds: [transactionalId] });
    expect(described.transactionStates[0]).toMatchObject({ errorCode: 0, transactionState: 'Ongoing' });
    for (const version of versionsOf(listTransactions)) {
      const listed = await connection.send(listTransactions, version, { stateFilters: [], producerIdFilters: [] });
      expect(listed.transactionStates.map((entry) => entry.transactionalId)).toContain(transactionalId);
    }
    const { producerId, producerEpoch } = bumped;
    const ended = await connection.send(endTxn, 5, { transactionalId, producerId, producerEpoch, committed: true });
    expectNoError(ended.errorCode);
    expect(ended.producerEpoch).toBe(producerEpoch + 1);

    let values: string[] = [];
    await expect
      .poll(
        async () => {
          values = await readFrom(before, 18, 1);
          return values.length;
        },
        { timeout: 10_000 },
      )
      .toBe(3);
    expect(values).toEqual(['one', 'four', 'five']);
    expect(await readFrom(before, 18)).toEqual(['one', 'two', 'three', 'four', 'five']);

    const fenced = await connection.send(endTxn, 4, {
      transactionalId,
      producerId: state.producerId,
      producerEpoch: state.producerEpoch,
      committed: true,
    });
    expect(describeErrorCode(fenced.errorCode).name).toBe('PRODUCER_FENCED');
  });

  async function initProducer(transactionalId: string): Promise<{ producerId: number; producerEpoch: number }> {
    let answer: { errorCode: number; producerId: number; producerEpoch: number } | undefined;
    const retried = [
      'CONCURRENT_TRANSACTIONS',
      'NOT_COORDINATOR',
      'COORDINATOR_NOT_AVAILABLE',
      'COORDINATOR_LOAD_IN_PROGRESS',
    ];
    await expect
      .poll(
        async () => {
          answer = await connection.send(initProducerId, 5, { transactionalId, transactionTimeoutMs: 30_000 });
          return retried.includes(describeErrorCode(answer.errorCode).name);
        },
        { timeout: 20_000 },
      )
      .toBe(false);
    expectNoError(answer!.errorCode);
    return { producerId: answer!.producerId, producerEpoch: answer!.producerEpoch };
  }

  async function coordinatorOf(groupId: string): Promise<void> {
    await expect
      .poll(
        async () => {
          const found = await connection.send(findCoordinator, 3, { key: groupId, keyType: 0 });
          return found.errorCode;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
    await expect
      .poll(async () => (await connection.send(offsetFetch, 5, { groupId, topics: null })).errorCode, {
        timeout: 20_000,
      })
      .toBe(0);
  }

  test.each([2, 3, 5, 6, 9])('joins and leaves a group, JoinGroup version %i', async (version) => {
    const groupId = `protocol-group-${version}`;
    await coordinatorOf(groupId);
    const join = {
      groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: encodeConsumerSubscription({ topics: [topic] }, 1) }],
    };
    let joined = await connection.send(joinGroup, version, { ...join, memberId: '' });
    if (describeErrorCode(joined.errorCode).name === 'MEMBER_ID_REQUIRED') {
      joined = await connection.send(joinGroup, version, { ...join, memberId: joined.memberId });
    }
    expectNoError(joined.errorCode);
    const { memberId, generationId } = joined;
    const assignment = encodeConsumerAssignment({ assignedPartitions: [{ topic, partitions: [0] }] }, 1);
    const synced = await connection.send(syncGroup, Math.min(version, syncGroup.maxVersion), {
      groupId,
      generationId,
      memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment }],
    });
    expectNoError(synced.errorCode);
    expect(decodeConsumerAssignment(synced.assignment).assignedPartitions).toEqual([{ topic, partitions: [0] }]);
    for (const beat of versionsOf(heartbeat)) {
      expectNoError((await connection.send(heartbeat, beat, { groupId, generationId, memberId })).errorCode);
    }
    for (const commit of versionsOf(offsetCommit)) {
      const answer = await connection.send(offsetCommit, commit, {
        groupId,
        generationIdOrMemberEpoch: generationId,
        memberId,
        topics: [
          {
            name: topic,
            topicId,
            partitions: [{ partitionIndex: 0, committedOffset: commit, committedMetadata: 'm' }],
          },
        ],
      });
      expectNoError(answer.topics[0]!.partitions[0]!.errorCode);
    }
    for (const read of versionsOf(offsetFetch)) {
      const topics = [{ name: topic, topicId, partitionIndexes: [0] }];
      const answer =
        read < 8
          ? await connection.send(offsetFetch, read, { groupId, topics: [{ name: topic, partitionIndexes: [0] }] })
          : await connection.send(offsetFetch, read, { groups: [{ groupId, topics }] });
      const found = read < 8 ? answer.topics : answer.groups[0]!.topics;
      expect(found[0]?.partitions[0]).toMatchObject({
        committedOffset: offsetCommit.maxVersion,
        metadata: 'm',
        errorCode: 0,
      });
    }
    for (const describe of versionsOf(describeGroups)) {
      const { groups } = await connection.send(describeGroups, describe, { groups: [groupId] });
      expect(groups[0]).toMatchObject({ errorCode: 0, groupState: 'Stable', protocolType: 'consumer' });
    }
    for (const list of versionsOf(listGroups)) {
      const { groups } = await connection.send(listGroups, list, {});
      expect(groups.map((group) => group.groupId)).toContain(groupId);
    }
    const left =
      version < 3
        ? await connection.send(leaveGroup, version, { groupId, memberId })
        : await connection.send(leaveGroup, Math.min(version, leaveGroup.maxVersion), {
            groupId,
            members: [{ memberId }],
          });
    expectNoError(left.errorCode);
    const deleted = await connection.send(offsetDelete, 0, {
      groupId,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0 }] }],
    });
    expect(deleted).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 0 }] }] });
    const gone = await connection.send(deleteGroups, 2, { groupsNames: [groupId] });
    expectNoError(gone.results[0]!.errorCode);
  });

  test('commits offsets of a group in a transaction', async () => {
    const transactionalId = 'protocol-offsets';
    const groupId = 'protocol-offsets-group';
    await coordinatorOf(groupId);
    const producer = await initProducer(transactionalId);
    const added = await connection.send(addOffsetsToTxn, 3, { transactionalId, ...producer, groupId });
    expectNoError(added.errorCode);
    const committed = await connection.send(txnOffsetCommit, 3, {
      transactionalId,
      groupId,
      ...producer,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 5, committedMetadata: null }] }],
    });
    expectNoError(committed.topics[0]!.partitions[0]!.errorCode);
    expectNoError((await connection.send(endTxn, 3, { transactionalId, ...producer, committed: true })).errorCode);
    await expect
      .poll(
        async () => {
          const answer = await connection.send(offsetFetch, 7, {
            groupId,
            topics: [{ name: topic, partitionIndexes: [0] }],
            requireStable: true,
          });
          return answer.topics[0]?.partitions[0]?.committedOffset;
        },
        { timeout: 10_000 },
      )
      .toBe(5);
  });

  test('administers topics in every version', async () => {
    for (const version of versionsOf(createTopics)) {
      const name = `protocol-admin-${version}`;
      const created = await connection.send(createTopics, version, {
        topics: [
          {
            name,
            numPartitions: 1,
            replicationFactor: 1,
            assignments: [],
            configs: [{ name: 'cleanup.policy', value: 'compact' }],
          },
        ],
        timeoutMs: 10_000,
      });
      expectNoError(created.topics[0]!.errorCode);
      await leaderOf(name);
    }
    const name = 'protocol-admin-7';
    for (const version of versionsOf(createPartitions)) {
      const answer = await connection.send(createPartitions, version, {
        topics: [{ name, count: version + 2, assignments: null }],
        timeoutMs: 10_000,
        validateOnly: false,
      });
      expectNoError(answer.results[0]!.errorCode);
    }
    for (const version of versionsOf(incrementalAlterConfigs)) {
      const answer = await connection.send(incrementalAlterConfigs, version, {
        resources: [
          {
            resourceType: 2,
            resourceName: name,
            configs: [{ name: 'retention.ms', configOperation: 0, value: `${1000 + version}` }],
          },
        ],
        validateOnly: false,
      });
      expectNoError(answer.responses[0]!.errorCode);
    }
    for (const version of versionsOf(describeConfigs)) {
      const answer = await connection.send(describeConfigs, version, {
        resources: [{ resourceType: 2, resourceName: name, configurationKeys: ['cleanup.policy', 'retention.ms'] }],
      });
      const values = Object.fromEntries(answer.results[0]!.configs.map((entry) => [entry.name, entry.value]));
      expect(values).toEqual({ 'cleanup.policy': 'compact', 'retention.ms': '1001' });
    }
    for (const version of versionsOf(alterConfigs)) {
      const answer = await connection.send(alterConfigs, version, {
        resources: [{ resourceType: 2, resourceName: name, configs: [{ name: 'retention.ms', value: '5000' }] }],
        validateOnly: true,
      });
      expectNoError(answer.responses[0]!.errorCode);
    }
    for (const version of versionsOf(describeCluster)) {
      const answer = await connection.send(describeCluster, version, { includeClusterAuthorizedOperations: false });
      expect(answer.brokers).toHaveLength(1);
    }
    for (const version of versionsOf(deleteRecords)) {
      const answer = await connection.send(deleteRecords, version, {
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: version }] }],
        timeoutMs: 10_000,
      });
      expect(answer.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, lowWatermark: version });
    }
    for (const version of versionsOf(deleteTopics)) {
      const deleted = `protocol-admin-${version < 2 ? 7 : version}`;
      const answer = await connection.send(deleteTopics, version, {
        topicNames: [deleted],
        ...(version >= 6 ? { topics: [{ name: deleted, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }] } : {}),
        timeoutMs: 10_000,
      });
      expectNoError(answer.responses[0]!.errorCode);
    }
  });
});
