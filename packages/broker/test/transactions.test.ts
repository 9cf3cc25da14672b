import {
  AbortedTransactions,
  addOffsetsToTxn,
  addPartitionsToTxn,
  errorCode,
  initProducerId,
  offsetFetch,
  produce,
  RecordBatchReader,
  txnOffsetCommit,
} from '@millrace/protocol';
import { describe, expect, test } from 'vitest';
import { batchOf, valuesIn } from './support/batches.ts';
import { ManualClock } from './support/manual-clock.ts';
import {
  type FetchedPartition,
  type TestClient,
  type Transactional,
  temporaryDirectory,
  testBroker,
  testClient,
} from './support/test-broker.ts';

const write = (client: TestClient, producer: Transactional, baseSequence: number, ...values: string[]) =>
  client.produce('t', batchOf(values, { producer: { ...producer, baseSequence }, transactional: true }), {
    transactionalId: producer.transactionalId,
  });

const start = async (client: TestClient, transactionalId = 'tx'): Promise<Transactional> => {
  const { producerId, producerEpoch } = await client.initialize(transactionalId);
  return { transactionalId, producerId, producerEpoch };
};

/** What a consumer with isolation read_committed keeps. */
function committedValues({ records, abortedTransactions }: FetchedPartition): string[] {
  const reader = new RecordBatchReader();
  const aborted = new AbortedTransactions(abortedTransactions);
  const values: string[] = [];
  reader.reset(records!);
  while (reader.nextBatch()) {
    if (aborted.skips(reader)) continue;
    while (reader.next()) values.push(reader.buffer.toString('utf8', reader.valueStart, reader.valueEnd));
  }
  return values;
}

const setUp = async (): Promise<TestClient> => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  return client;
};

describe('a transaction', () => {
  test('is seen by committed readers when it is committed, and not before', async () => {
    const client = await setUp();
    const producer = await start(client);
    expect(await client.begin(producer, 't')).toBe(0);
    expect((await write(client, producer, 0, 'a', 'b')).errorCode).toBe(0);
    await client.produce('t', batchOf(['after']));
    const open = await client.fetch('t', 0, { committed: true });
    expect(open).toMatchObject({ lastStableOffset: 0, highWatermark: 3 });
    expect(open.records).toHaveLength(0);
    expect(valuesIn((await client.fetch('t', 0)).records)).toEqual(['a', 'b', 'after']);
    expect(await client.offsetAt('t', -1, 1)).toMatchObject({ offset: 0 });
    expect((await client.end(producer, true)).errorCode).toBe(0);
    const ended = await client.fetch('t', 0, { committed: true });
    expect(ended).toMatchObject({ lastStableOffset: 4, abortedTransactions: [] });
    expect(committedValues(ended)).toEqual(['a', 'b', 'after']);
  });

  test('that is aborted is named to committed readers, each of several of one producer', async () => {
    const client = await setUp();
    const producer = await start(client);
    let sequence = 0;
    for (const [value, committed] of [
      ['A1', false],
      ['C1', true],
      ['A2', false],
      ['C2', true],
    ] as const) {
      await client.begin(producer, 't');
      await write(client, producer, sequence++, value);
      await client.end(producer, committed);
    }
    const fetched = await client.fetch('t', 0, { committed: true });
    expect(fetched.abortedTransactions).toEqual([
      { producerId: producer.producerId, firstOffset: 0 },
      { producerId: producer.producerId, firstOffset: 4 },
    ]);
    expect(committedValues(fetched)).toEqual(['C1', 'C2']);
    expect((await client.fetch('t', 2, { committed: true, maxBytes: 1 })).abortedTransactions).toEqual([]);
  });

  test('wakes a committed reader that waits for its end', async () => {
    const broker = await testBroker();
    const [client, reader] = [await testClient(broker), await testClient(broker)];
    await client.createTopic('t');
    const producer = await start(client);
    await client.begin(producer, 't');
    await write(client, producer, 0, 'a');
    const waiting = reader.fetch('t', 0, { committed: true, maxWaitMs: 60_000 });
    await client.end(producer, true);
    expect(committedValues(await waiting)).toEqual(['a']);
  });

  test('of a fenced producer is aborted, and the producer is told by every request', async () => {
    const client = await setUp();
    const zombie = await start(client);
    await client.begin(zombie, 't');
    await write(client, zombie, 0, 'zombie');
    const successor = await start(client);
    expect(successor.producerId).toBe(zombie.producerId);
    expect(successor.producerEpoch).toBeGreaterThan(zombie.producerEpoch);
    expect((await write(client, zombie, 1, 'more')).errorCode).toBe(errorCode.INVALID_PRODUCER_EPOCH);
    expect(await client.begin(zombie, 't')).toBe(errorCode.PRODUCER_FENCED);
    expect((await client.end(zombie, true)).errorCode).toBe(errorCode.PRODUCER_FENCED);
    expect((await client.end(zombie, true, 1)).errorCode).toBe(errorCode.INVALID_PRODUCER_EPOCH);
    expect(committedValues(await client.fetch('t', 0, { committed: true }))).toEqual([]);
    await client.begin(successor, 't');
    expect((await write(client, successor, 0, 'successor')).errorCode).toBe(0);
    await client.end(successor, true);
    expect(committedValues(await client.fetch('t', 0, { committed: true }))).toEqual(['successor']);
  });

  test('must have a partition before it is written to, in versions that do not add it by themselves', async () => {
    const client = await setUp();
    const producer = await start(client);
    expect((await write(client, producer, 0, 'a')).errorCode).toBe(errorCode.INVALID_TXN_STATE);
  });

  test('that takes too long is aborted, and its producer fenced', async () => {
    const clock = new ManualClock();
    const client = await testClient(await testBroker({ clock }));
    await client.createTopic('t');
    const producer = { transactionalId: 'tx', ...(await client.initialize('tx', 5000)) };
    await client.begin(producer, 't');
    await write(client, producer, 0, 'slow');
    clock.advance(5000);
    expect((await client.fetch('t', 0, { committed: true })).abortedTransactions).toHaveLength(1);
    expect((await client.end(producer, true)).errorCode).toBe(errorCode.PRODUCER_FENCED);
    expect((await write(client, producer, 1, 'more')).errorCode).toBe(errorCode.INVALID_PRODUCER_EPOCH);
  });

  test('can be ended twice the same way, and not the other way', async () => {
    const client = await setUp();
    const producer = await start(client);
    expect((await client.end(producer, true)).errorCode).toBe(errorCode.INVALID_TXN_STATE);
    await client.begin(producer, 't');
    expect((await client.end(producer, true)).errorCode).toBe(0);
    expect((await client.end(producer, true)).errorCode).toBe(0);
    expect((await client.end(producer, false)).errorCode).toBe(errorCode.INVALID_TXN_STATE);
  });

  test('of an unknown producer, or with a timeout out of range, is refused', async () => {
    const client = await setUp();
    const unknown = { transactionalId: 'nobody', producerId: 99, producerEpoch: 0 };
    expect(await client.begin(unknown, 't')).toBe(errorCode.INVALID_PRODUCER_ID_MAPPING);
    expect((await client.initialize('tx', 900_001)).errorCode).toBe(errorCode.INVALID_TRANSACTION_TIMEOUT);
    expect((await client.initialize('')).errorCode).toBe(errorCode.INVALID_REQUEST);
  });

  test('takes the partitions of a request all or none', async () => {
    const client = await setUp();
    const producer = await start(client);
    const { resultsByTopicV3AndBelow } = await client.raw.call(addPartitionsToTxn, 3, {
      v3AndBelowTransactionalId: producer.transactionalId,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [
        { name: 't', partitions: [0] },
        { name: 'absent', partitions: [0] },
      ],
    });
    expect(resultsByTopicV3AndBelow.map(({ resultsByPartition }) => resultsByPartition[0]!.partitionErrorCode)).toEqual(
      [errorCode.OPERATION_NOT_ATTEMPTED, errorCode.UNKNOWN_TOPIC_OR_PARTITION],
    );
  });

  test('lets a producer recover with a new epoch, once', async () => {
    const client = await setUp();
    const producer = await start(client);
    const bump = () => client.initialize('tx', 60_000, producer.producerId, producer.producerEpoch);
    const bumped = await bump();
    expect(bumped).toMatchObject({ errorCode: 0, producerEpoch: producer.producerEpoch + 1 });
    expect(await bump()).toMatchObject({ errorCode: 0, producerEpoch: bumped.producerEpoch });
    await client.initialize('tx');
    expect((await bump()).errorCode).toBe(errorCode.PRODUCER_FENCED);
  });

  test('carries offsets of a group, which are committed with it or not at all', async () => {
    const client = await setUp();
    const producer = await start(client);
    const commit = async (committedOffset: number, committed: boolean): Promise<void> => {
      await client.raw.call(addOffsetsToTxn, 3, { ...producer, groupId: 'g' });
      const { topics } = await client.raw.call(txnOffsetCommit, 3, {
        ...producer,
        groupId: 'g',
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: null }] }],
      });
      expect(topics[0]!.partitions[0]!.errorCode).toBe(0);
      expect(await offset(true)).toMatchObject({ errorCode: errorCode.UNSTABLE_OFFSET_COMMIT });
      expect((await client.end(producer, committed)).errorCode).toBe(0);
    };
    const offset = async (requireStable: boolean) => {
      const wanted = [{ groupId: 'g', topics: [{ name: 't', partitionIndexes: [0] }] }];
      const { groups } = await client.raw.call(offsetFetch, 8, { groups: wanted, requireStable });
      return groups[0]!.topics[0]!.partitions[0]!;
    };
    await commit(5, true);
    expect(await offset(true)).toMatchObject({ errorCode: 0, committedOffset: 5 });
    await commit(9, false);
    expect(await offset(true)).toMatchObject({ errorCode: 0, committedOffset: 5 });
  });

  test('without its group does not take offsets', async () => {
    const client = await setUp();
    const producer = await start(client);
    const { topics } = await client.raw.call(txnOffsetCommit, 3, {
      ...producer,
      groupId: 'g',
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }] }],
    });
    expect(topics[0]!.partitions[0]!.errorCode).toBe(errorCode.INVALID_TXN_STATE);
  });
});

describe('transaction protocol 2', () => {
  const write2 = async (
    client: TestClient,
    producer: Transactional,
    topicId: string,
    value: string,
  ): Promise<number> => {
    const records = batchOf([value], { producer: { ...producer, baseSequence: 0 }, transactional: true });
    const { responses } = await client.raw.call(produce, 12, {
      transactionalId: producer.transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topicId, partitionData: [{ index: 0, records }] }],
    });
    return responses[0]!.partitionResponses[0]!.errorCode;
  };

  test('adds partitions when they are written, and gives every transaction its own epoch', async () => {
    const client = await setUp();
    let producer = await start(client);
    for (const committed of [true, false, true]) {
      expect(await write2(client, producer, 't', committed ? 'committed' : 'aborted')).toBe(0);
      const ended = await client.end(producer, committed, 5);
      expect(ended).toMatchObject({
        errorCode: 0,
        producerId: producer.producerId,
        producerEpoch: producer.producerEpoch + 1,
      });
      // The same request again, as after a lost answer.
      expect(await client.end(producer, committed, 5)).toMatchObject({
        errorCode: 0,
        producerEpoch: ended.producerEpoch,
      });
      expect((await client.end(producer, !committed, 5)).errorCode).toBe(errorCode.INVALID_TXN_STATE);
      expect(await write2(client, producer, 't', 'late')).toBe(errorCode.INVALID_PRODUCER_EPOCH);
      producer = { ...producer, producerEpoch: ended.producerEpoch };
    }
    expect(committedValues(await client.fetch('t', 0, { committed: true }))).toEqual(['committed', 'committed']);
  });

  test('lets a producer abort what may not have begun', async () => {
    const client = await setUp();
    const producer = await start(client);
    expect(await client.end(producer, false, 5)).toMatchObject({
      errorCode: 0,
      producerEpoch: producer.producerEpoch + 1,
    });
  });

  test('goes on with a new producer id when the epochs are used up', async () => {
    const data = temporaryDirectory();
    const broker = await testBroker({ data });
    const client = await testClient(broker);
    await client.createTopic('t');
    let producer = await start(client);
    while (producer.producerEpoch < 32_766) {
      const { producerId, producerEpoch } = await client.end(producer, false, 5);
      producer = { ...producer, producerId, producerEpoch };
    }
    expect(await write2(client, producer, 't', 'last')).toBe(0);
    const ended = await client.end(producer, true, 5);
    expect(ended).toMatchObject({ errorCode: 0, producerEpoch: 0 });
    expect(ended.producerId).not.toBe(producer.producerId);
    expect(committedValues(await client.fetch('t', 0, { committed: true }))).toEqual(['last']);
  }, 60_000);
});

test('an idempotent producer gets an id of its own, also after a restart', async () => {
  const data = temporaryDirectory();
  const ids = new Set<number>();
  for (let run = 0; run < 3; run++) {
    const broker = await testBroker({ data });
    const client = await testClient(broker);
    for (let count = 0; count < 2; count++) {
      const { producerId } = await client.raw.call(initProducerId, 4, {
        transactionalId: null,
        transactionTimeoutMs: 0,
      });
      ids.add(producerId);
    }
    await broker.close();
  }
  expect(ids.size).toBe(6);
});
