import { randomUUID } from 'node:crypto';
import { silentLogger } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, createProducer, createReader, type Producer } from '@millrace/kafka';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createKafkaOffsetStore } from '../../src/offsets/kafka-offset-store.ts';
import { layeredOffsetStore } from '../../src/offsets/layered-offset-store.ts';
import { encodeOffsetKey, encodeOffsetValue } from '../../src/offsets/offset-json.ts';
import type { OffsetStore } from '../../src/offsets/offset-store.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

async function openStore(topic: string): Promise<OffsetStore> {
  const settings = { 'bootstrap.servers': broker.bootstrap };
  const store = createKafkaOffsetStore({
    topic,
    partitions: 5,
    replicationFactor: 1,
    clients: {
      admin: createAdmin({ settings }),
      producer: createProducer({ settings }),
      reader: createReader({ settings: { ...settings, 'isolation.level': 'read_committed' } }),
    },
    log: silentLogger,
  });
  onTestFinished(() => store.close());
  await store.start();
  return store;
}

async function openProducer(settings: Record<string, string> = {}): Promise<Producer> {
  const producer = createProducer({ settings: { 'bootstrap.servers': broker.bootstrap, ...settings } });
  onTestFinished(() => producer.close());
  return producer;
}

const newTopic = (): string => `offsets-${randomUUID()}`;

test('what one worker has written another reads, integers as bigints', async () => {
  const topic = newTopic();
  const first = await openStore(topic);
  const second = await openStore(topic);
  const partition = { filename: '/a' };
  expect(await first.read('c', [partition])).toEqual([null]);
  await first.write('c', [{ partition, offset: { position: 9007199254740993n, part: 0.5, name: 'x', none: null } }]);
  const stored = { position: 9007199254740993n, part: 0.5, name: 'x', none: null };
  expect(await second.read('c', [partition, { filename: '/b' }])).toEqual([stored, null]);
  expect(await first.readAll('c')).toEqual([{ partition, offset: stored }]);
  expect(await first.readAll('other')).toEqual([]);
  const restarted = await openStore(topic);
  expect(await restarted.read('c', [partition])).toEqual([stored]);
});

test('a partition is found whatever the order of its fields, and written where it was found', async () => {
  const topic = newTopic();
  const store = await openStore(topic);
  const producer = await openProducer();
  const key = Buffer.from('["c",{"table":1,"db":1,"alpha":1,"zeta":1}]');
  await producer.send({ topic, key, value: Buffer.from('{"at":1}') });
  const partition = { alpha: 1, zeta: 1n, db: 1, table: 1n };
  expect(await store.read('c', [partition])).toEqual([{ at: 1n }]);
  expect(await store.keys('c', [partition])).toEqual([{ key, obsolete: [] }]);
  await store.write('c', [{ partition, offset: { at: 2n } }]);
  expect(await store.readAll('c')).toEqual([
    { partition: { table: 1n, db: 1n, alpha: 1n, zeta: 1n }, offset: { at: 2n } },
  ]);
});

test("of two keys that mean the same the one in Java's order counts, and a write deletes the other", async () => {
  const topic = newTopic();
  const store = await openStore(topic);
  const producer = await openProducer();
  const partition = { table: 1, db: 1, alpha: 1, zeta: 1 };
  const javas = encodeOffsetKey('c', partition);
  expect(javas.toString()).toBe('["c",{"zeta":1,"alpha":1,"table":1,"db":1}]');
  const other = Buffer.from('["c",{"table":1,"db":1,"alpha":1,"zeta":1}]');
  const third = Buffer.from('["c",{"db":1,"table":1,"alpha":1,"zeta":1}]');
  await producer.send({ topic, key: other, value: Buffer.from('{"at":1}'), timestamp: 1000 });
  await producer.send({ topic, key: third, value: Buffer.from('{"at":2}'), timestamp: 2000 });
  expect(await store.read('c', [partition])).toEqual([{ at: 2n }]);
  await producer.send({ topic, key: javas, value: Buffer.from('{"at":3}'), timestamp: 500 });
  expect(await store.read('c', [partition])).toEqual([{ at: 3n }]);
  const [found] = await store.keys('c', [partition]);
  expect(found?.key).toEqual(javas);
  expect(found?.obsolete).toHaveLength(2);
  await store.write('c', [{ partition, offset: { at: 4n } }]);
  await store.read('c', [partition]);
  expect((await store.keys('c', [partition]))[0]?.obsolete).toEqual([]);
  await store.write('c', [{ partition, offset: null }]);
  expect(await store.readAll('c')).toEqual([]);
});

test('offsets of a transaction count when it is committed, and never when it is aborted', async () => {
  const topic = newTopic();
  const store = await openStore(topic);
  const producer = await openProducer({ 'transactional.id': randomUUID() });
  const partition = { filename: '/a' };
  const write = async (at: bigint): Promise<void> => {
    await producer.send({ topic, key: encodeOffsetKey('c', partition), value: encodeOffsetValue({ at }) });
  };
  await producer.initTransactions();
  producer.beginTransaction();
  await write(1n);
  expect(await store.read('c', [partition])).toEqual([null]);
  await producer.commitTransaction();
  expect(await store.read('c', [partition])).toEqual([{ at: 1n }]);
  producer.beginTransaction();
  await write(2n);
  await producer.abortTransaction();
  expect(await store.read('c', [partition])).toEqual([{ at: 1n }]);
});

test('a record that is no offset is ignored', async () => {
  const topic = newTopic();
  const store = await openStore(topic);
  const producer = await openProducer();
  for (const key of ['', 'no json', '["c"]', '["c",{"a":{}}]', '[1,{}]', '{"c":1}']) {
    await producer.send({ topic, key: Buffer.from(key), value: Buffer.from('{"at":1}') });
  }
  await producer.send({ topic, key: encodeOffsetKey('c', { a: 1 }), value: Buffer.from('[1]') });
  expect(await store.readAll('c')).toEqual([]);
});

test('a topic that deletes what is in it is refused, with the remedy', async () => {
  const topic = newTopic();
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => admin.close());
  await admin.createTopics([{ name: topic, partitions: 1, configs: { 'cleanup.policy': 'delete' } }]);
  await expect(openStore(topic)).rejects.toThrow(/must have cleanup.policy=compact, and has 'delete'.*kafka-configs/s);
});

test('a read that waits ends when the store is closed', async () => {
  const store = await openStore(newTopic());
  await Promise.all([store.close(), store.close()]);
  await expect(store.read('c', [{ a: 1 }])).rejects.toThrow('closed');
});

test("a connector's own topic counts before that of the worker, and a deletion goes to both", async () => {
  const worker = await openStore(newTopic());
  const own = await openStore(newTopic());
  const store = layeredOffsetStore(own, worker, silentLogger);
  const [a, b] = [{ file: 'a' }, { file: 'b' }];
  await worker.write('c', [
    { partition: a, offset: { at: 1n } },
    { partition: b, offset: { at: 1n } },
  ]);
  await own.write('c', [{ partition: a, offset: { at: 2n } }]);
  expect(await store.read('c', [a, b])).toEqual([{ at: 2n }, { at: 1n }]);
  await store.write('c', [{ partition: b, offset: { at: 3n } }]);
  expect(await worker.read('c', [b])).toEqual([{ at: 3n }]);
  await store.write('c', [{ partition: a, offset: null }]);
  expect(await store.readAll('c')).toEqual([{ partition: b, offset: { at: 3n } }]);
  expect(await worker.read('c', [a])).toEqual([null]);
});

test('partitions that are added to the topic are read, too, and the later write of a key counts', async () => {
  const topic = newTopic();
  const store = await openStore(topic);
  const partitions = Array.from({ length: 20 }, (_, file) => ({ file: `f${file}` }));
  await store.write(
    'c',
    partitions.map((partition) => ({ partition, offset: { at: 1n } })),
  );
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => admin.close());
  await admin.createPartitions(topic, 9);
  const producer = await openProducer();
  for (const partition of partitions) {
    await producer.send({ topic, key: encodeOffsetKey('c', partition), value: encodeOffsetValue({ at: 2n }) });
  }
  const expected = partitions.map(() => ({ at: 2n }));
  expect(await store.read('c', partitions)).toEqual(expected);
  expect(await (await openStore(topic)).read('c', partitions)).toEqual(expected);
});

test("writes to a connector's own topic keep their order, deletions included", async () => {
  const worker = await openStore(newTopic());
  const own = await openStore(newTopic());
  const store = layeredOffsetStore(own, worker, silentLogger);
  const partition = { file: 'a' };
  await Promise.all([
    store.write('c', [{ partition, offset: null }]),
    store.write('c', [{ partition, offset: { at: 7n } }]),
  ]);
  expect(await store.read('c', [partition])).toEqual([{ at: 7n }]);
  await own.write('c', [{ partition, offset: null }]);
  await store.committed?.('c', [{ partition, offset: null }]);
  expect(await store.read('c', [partition])).toEqual([null]);
});
