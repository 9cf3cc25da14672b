import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { expect, test } from 'vitest';
import type { Broker } from '../src/index.ts';
import { testBroker } from './support/test-broker.ts';

const clientOf = (broker: Broker, more: object = {}): Kafka =>
  new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 5 }, ...more });

/** Runs a consumer until it has that many values. */
async function consume(kafka: Kafka, groupId: string, topic: string, count: number): Promise<string[]> {
  const consumer: Consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
  const values: string[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
        values.push(String(message.value));
        if (values.length === count) resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return values;
}

async function withProducer(producer: Producer, use: () => Promise<void>): Promise<void> {
  await producer.connect();
  try {
    await use();
  } finally {
    await producer.disconnect();
  }
}

test('kafkajs administers, produces and consumes in a group that goes on where it was', async () => {
  const broker = await testBroker();
  const kafka = clientOf(broker);
  const admin = kafka.admin();
  await admin.connect();
  try {
    expect(await admin.createTopics({ topics: [{ topic: 't', numPartitions: 2 }] })).toBe(true);
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await withProducer(producer, async () => {
      await producer.send({
        topic: 't',
        messages: [
          { partition: 0, value: 'a' },
          { partition: 0, value: 'b' },
        ],
      });
      expect(await consume(kafka, 'g', 't', 2)).toEqual(['a', 'b']);
      await producer.send({ topic: 't', messages: [{ partition: 0, value: 'c' }] });
    });
    expect(await consume(kafka, 'g', 't', 1)).toEqual(['c']);
    expect(await admin.fetchOffsets({ groupId: 'g', topics: ['t'] })).toMatchObject([
      { partitions: expect.arrayContaining([expect.objectContaining({ partition: 0, offset: '3' })]) },
    ]);
    expect(await admin.listGroups()).toEqual({ groups: [{ groupId: 'g', protocolType: 'consumer' }] });
    await admin.createPartitions({ topicPartitions: [{ topic: 't', count: 4 }] });
    await admin.deleteTopicRecords({ topic: 't', partitions: [{ partition: 0, offset: '2' }] });
    expect(await admin.fetchTopicOffsets('t')).toHaveLength(4);
    expect((await admin.fetchTopicOffsets('t')).find(({ partition }) => partition === 0)?.low).toBe('2');
    const { resources } = await admin.describeConfigs({ includeSynonyms: true, resources: [{ type: 2, name: 't' }] });
    expect(resources[0]!.configEntries.find(({ configName }) => configName === 'retention.ms')?.configValue).toBe(
      '604800000',
    );
    await admin.deleteGroups(['g']);
    await admin.deleteTopics({ topics: ['t'] });
    expect(await admin.listTopics()).toEqual([]);
  } finally {
    await admin.disconnect();
  }
});

test('kafkajs sees committed transactions only, and a fenced producer fails', async () => {
  const broker = await testBroker();
  const kafka = clientOf(broker);
  const transactional = () => kafka.producer({ transactionalId: 'tx', idempotent: true, maxInFlightRequests: 1 });
  const [first, second] = [transactional(), transactional()];
  await withProducer(first, async () => {
    for (const [value, commits] of [
      ['A1', false],
      ['C1', true],
      ['A2', false],
      ['C2', true],
    ] as const) {
      const transaction = await first.transaction();
      await transaction.send({ topic: 't', messages: [{ value }] });
      await (commits ? transaction.commit() : transaction.abort());
    }
    expect(await consume(kafka, 'g', 't', 2)).toEqual(['C1', 'C2']);
    const zombie = await first.transaction();
    await zombie.send({ topic: 't', messages: [{ value: 'zombie' }] });
    await withProducer(second, async () => {
      const transaction = await second.transaction();
      await expect(zombie.send({ topic: 't', messages: [{ value: 'more' }] })).rejects.toMatchObject({
        type: 'INVALID_PRODUCER_EPOCH',
      });
      await transaction.send({ topic: 't', messages: [{ value: 'C3' }] });
      await transaction.commit();
    });
  });
  expect(await consume(kafka, 'other', 't', 3)).toEqual(['C1', 'C2', 'C3']);
});

test('kafkajs logs in with SASL/PLAIN', async () => {
  const broker = await testBroker({ saslPlain: { user: 'secret' } });
  // A new object each time: kafkajs keeps the first login in it.
  const login = (password: string) => ({ sasl: { mechanism: 'plain', username: 'user', password } });
  const admin = clientOf(broker, login('secret')).admin();
  await admin.connect();
  expect(await admin.listTopics()).toEqual([]);
  await admin.disconnect();
  const wrong = clientOf(broker, login('wrong')).admin();
  await expect(wrong.connect()).rejects.toThrow('invalid username or password');
  await wrong.disconnect();
});
