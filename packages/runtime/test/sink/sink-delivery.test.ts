import { SinkRecord } from '@millrace/api';
import { createTransformChain } from '@millrace/transforms';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Collector, eventually, SinkTest } from './support/sink-test.ts';

let sink: SinkTest;
beforeEach(async () => {
  sink = await SinkTest.start();
});
afterEach(() => sink.close());

test('records come in order, in batches of 500 at most, and their offsets are committed at the end', async () => {
  await sink.topic('numbers', 2);
  await sink.produceNumbers('numbers', 3000, 2);
  const collector = new Collector();
  const task = sink.start(() => collector);
  await eventually(() => collector.values.length === 3000, 'delivery');
  task.stop();
  await task.over;
  for (const partition of [0, 1]) {
    const offsets = collector.records.filter((record) => record.partition === partition).map(({ offset }) => offset);
    expect(offsets).toEqual(Array.from({ length: 1500 }, (_, index) => index));
  }
  expect(Math.max(...collector.batches)).toBe(500);
  expect(await sink.committed()).toEqual({ 'numbers-0': 1500, 'numbers-1': 1500 });
  expect(task.states).toEqual(['running']);
  expect(task.topics).toEqual(['numbers']);
  expect(collector.closed).toBe(1);
  expect(task.counters()).toMatchObject({
    sinkRecordReadTotal: 3000,
    sinkRecordSendTotal: 3000,
    sinkRecordActiveCount: 0,
  });
});

test('a task goes on where the last one ended', async () => {
  await sink.produce('numbers', 'a', 'b');
  const first = new Collector();
  const before = sink.start(() => first);
  await eventually(() => first.values.length === 2, 'delivery');
  before.stop();
  await before.over;
  await sink.produce('numbers', 'c');
  const second = new Collector();
  sink.start(() => second);
  await eventually(() => second.values.length === 1, 'delivery');
  expect(second.values).toEqual(['c']);
});

test('a record carries what Kafka holds: key, value, headers, timestamp, place', async () => {
  const headers = [
    { name: 'n', value: Buffer.from('42') },
    { name: 'none', value: null },
  ];
  const record = { key: Buffer.from('k'), value: null, headers, timestamp: 1_700_000_000_000 };
  await sink.produce('numbers', record, 'plain');
  const collector = new Collector();
  sink.start(() => collector);
  await eventually(() => collector.records.length === 2, 'delivery');
  const [first, second] = collector.records as [SinkRecord, SinkRecord];
  expect(SinkRecord.isInstance(first)).toBe(true);
  expect(first).toMatchObject({
    topic: 'numbers',
    partition: 0,
    offset: 0,
    key: 'k',
    value: null,
    timestamp: 1_700_000_000_000,
    timestampType: 'create',
    originalTopic: 'numbers',
    originalOffset: 0,
  });
  expect([...first.headers].map(({ key, value }) => [key, value])).toEqual([
    ['n', 42],
    ['none', null],
  ]);
  expect(second.key).toBeNull();
  expect(second.headers.size).toBe(0);
});

test('records that a transform drops or renames advance the offset of where they were', async () => {
  await sink.produceNumbers('numbers', 10);
  const chain = createTransformChain([
    {
      name: 'even',
      transform: {
        apply: (record) =>
          Number(record.value) % 2 === 1 ? null : (record.with({ topic: 'elsewhere' }) as typeof record),
      },
    },
  ]);
  const collector = new Collector();
  const task = sink.start(() => collector, { parts: { chain } });
  await eventually(() => collector.values.length === 5, 'delivery');
  task.stop();
  await task.over;
  expect(collector.records.map(({ topic, originalTopic }) => [topic, originalTopic])).toContainEqual([
    'elsewhere',
    'numbers',
  ]);
  expect(await sink.committed()).toEqual({ 'numbers-0': 10 });
});

test('topics that fit a pattern of Java are read, those that come later too', async () => {
  await sink.produce('orders-eu', 'a');
  await sink.produce('other', 'x');
  const collector = new Collector();
  sink.start(() => collector, { config: { topics: '', 'topics.regex': 'orders-\\p{Lower}+' } });
  await eventually(() => collector.values.length === 1, 'delivery');
  await sink.produce('orders-us', 'b');
  await eventually(() => collector.values.length === 2, 'delivery of the new topic');
  expect(collector.values).toEqual(['a', 'b']);
});

test('records of an aborted transaction are not delivered to a reader of committed ones, and offsets pass them', async () => {
  const { createProducer } = await import('@millrace/kafka');
  const settings = { 'bootstrap.servers': sink.broker.bootstrap, 'transactional.id': 'tx' };
  const producer = createProducer({ settings });
  await producer.initTransactions();
  await producer.loadTopic('numbers');
  producer.beginTransaction();
  await producer.send({ topic: 'numbers', partition: 0, value: Buffer.from('kept') });
  await producer.commitTransaction();
  producer.beginTransaction();
  await producer.send({ topic: 'numbers', partition: 0, value: Buffer.from('dropped') });
  await producer.abortTransaction();
  await producer.close();
  const collector = new Collector();
  const task = sink.start(() => collector, {
    consumer: { 'isolation.level': 'read_committed' },
    settings: { offsetFlushIntervalMs: 50 },
  });
  await eventually(async () => (await sink.committed())['numbers-0'] === 4, 'commit at the end of the log');
  expect(collector.values).toEqual(['kept']);
  expect(task.failure).toBeUndefined();
});

test('what a converter asks for a batch is asked once for each partition of it, and given to each record', async () => {
  await sink.topic('numbers', 2);
  await sink.produceNumbers('numbers', 20, 2);
  const asked: number[] = [];
  const valueConverter = {
    encode: () => false,
    prepareDecode: async (batch: { length: number; bytesAt(index: number): Uint8Array | null }) => {
      asked.push(batch.length);
      return new Map(Array.from({ length: batch.length }, (_, index) => [String(batch.bytesAt(index)), index]));
    },
    decode: (
      _topic: string,
      bytes: Uint8Array | null,
      start: number,
      end: number,
      context: Map<string, number> | undefined,
    ) => {
      const text = String((bytes as Uint8Array).subarray(start, end));
      return { schema: null, value: context?.has(text) };
    },
  };
  const collector = new Collector();
  sink.start(() => collector, { parts: { valueConverter } });
  await eventually(() => collector.values.length === 20, 'delivery');
  expect(new Set(collector.values)).toEqual(new Set([true]));
  expect(asked.reduce((sum, length) => sum + length, 0)).toBe(20);
});
