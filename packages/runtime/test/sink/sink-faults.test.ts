import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SinkRecord } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Collector, eventually, SinkTest } from './support/sink-test.ts';

let data: string;
let sink: SinkTest;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sink-faults-'));
  sink = await SinkTest.start(data);
});
afterEach(async () => {
  await sink.close();
  await rm(data, { recursive: true, force: true });
});

test('a broker that goes and comes back is waited for', async () => {
  await sink.produceNumbers('numbers', 1000);
  const collector = new Collector();
  const task = sink.start(() => collector, { settings: { offsetFlushIntervalMs: 50, offsetFlushTimeoutMs: 100 } });
  await eventually(() => collector.values.length === 1000, 'delivery');
  const { port } = sink.broker;
  await sink.broker.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const again: Broker = await startBroker({ data, port });
  try {
    await sink.produceNumbers('numbers', 1000);
    await eventually(() => collector.values.length >= 2000, 'delivery after the restart');
    await eventually(async () => (await sink.committed())['numbers-0'] === 2000, 'commit after the restart');
    expect(task.failure).toBeUndefined();
    task.stop();
    await task.over;
  } finally {
    await again.close();
  }
});

test('a topic that is deleted stops nothing else, and is read from its start when it comes back', async () => {
  await sink.produceNumbers('numbers', 10);
  await sink.produce('other', 'a');
  const collector = new Collector();
  const task = sink.start(() => collector, { config: { topics: 'numbers,other' } });
  await eventually(() => collector.values.length === 11, 'delivery');
  await sink.admin.deleteTopics(['numbers']);
  await sink.produce('other', 'b');
  await eventually(() => collector.values.includes('b'), 'delivery of the other topic');
  await sink.topic('numbers');
  await eventually(async () => (await sink.admin.describeTopics(['numbers'])).size === 1, 'the topic');
  await sink.produce('numbers', 'anew');
  await eventually(() => collector.values.includes('anew'), 'delivery of the new topic');
  expect(task.failure).toBeUndefined();
});

test('tasks that are cut off at any moment lose nothing of 200 000 records', async () => {
  const count = 200_000;
  await sink.topic('numbers', 4);
  await sink.produceNumbers('numbers', count, 4);
  /** What the target has, also of tasks that were cut off before they could commit. */
  const times = new Uint32Array(count);
  let seen = 0;
  const take = (records: readonly SinkRecord[]): void => {
    for (const { value } of records) {
      const number = Number(value);
      if (times[number] === 0) seen++;
      times[number] = (times[number] as number) + 1;
    }
  };
  let cuts = 0;
  while (seen < count) {
    const life = 10 + ((cuts * 7) % 23);
    const cut = Promise.withResolvers<void>();
    let puts = 0;
    const task = sink.start((context) => ({
      put: async (records) => {
        if (records.length === 0) return;
        if (++puts % 4 === 0) context.requestCommit();
        if (puts === life) {
          // Before anything of the batch is taken, in the middle of it, or when all of it is.
          take(records.slice(0, (records.length * (cuts % 3)) / 2));
          cut.resolve();
          await new Promise(() => undefined);
        }
        take(records);
        if (seen === count) cut.resolve();
        await new Promise((resolve) => setImmediate(resolve));
      },
    }));
    await cut.promise;
    task.cancel();
    await task.over;
    cuts++;
  }
  sink.start(() => new Collector(), { settings: { offsetFlushIntervalMs: 20 } });
  const committed = async (): Promise<number> =>
    Object.values(await sink.committed()).reduce((sum, offset) => sum + offset, 0);
  await eventually(async () => (await committed()) === count, 'the commit of the rest');
  expect(cuts).toBeGreaterThan(10);
  expect(times.every((each) => each > 0)).toBe(true);
});

test('a slow sink with a large backlog holds no more of it than its share', async () => {
  await sink.topic('numbers', 4);
  await sink.produceNumbers('numbers', 40_000, 4, 4_000);
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const buffers = (): number => {
    // The first leaves the freeing of buffers to a thread; the second waits for it.
    collectGarbage();
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const before = buffers();
  let highest = 0;
  let puts = 0;
  const task = sink.start(
    () => ({
      put: async (records) => {
        puts++;
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (records.length > 0 && puts % 10 === 0) {
          highest = Math.max(highest, buffers() - before);
        }
      },
    }),
    { settings: { bufferBytes: 8 * 1024 * 1024 } },
  );
  await eventually(() => task.counters()['sinkRecordSendTotal'] === 40_000, 'delivery', 30_000);
  expect(highest).toBeLessThan(16 * 1024 * 1024);
});

test('a record that is larger than every share comes through', async () => {
  const large = 'x'.repeat(900_000);
  await sink.produce('numbers', 'a', large, 'b');
  const collector = new Collector();
  sink.start(() => collector, { settings: { bufferBytes: 64 * 1024 } });
  await eventually(() => collector.values.length === 3, 'delivery');
  expect(collector.values[1]).toBe(large);
});

test('a put that takes longer than max.poll.interval.ms costs the task its partitions, and it gets them again', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  const events: string[] = [];
  const task = sink.start(
    () => ({
      partitionsAssigned: () => void events.push('assigned'),
      partitionsRevoked: (_, lost) => void events.push(lost ? 'lost' : 'revoked'),
      put: async (records) => {
        if (records.length === 0) return;
        if (collector.values.length === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
        collector.put(records);
      },
    }),
    { consumer: { 'max.poll.interval.ms': 300 } },
  );
  await eventually(() => collector.values.length === 20, 'redelivery');
  expect(events).toEqual(['assigned', 'lost', 'assigned']);
  task.stop();
  await task.over;
  expect(await sink.committed()).toEqual({ 'numbers-0': 10 });
});

test('a task that cannot reach Kafka ends when it is stopped', async () => {
  const collector = new Collector();
  const task = sink.start(() => collector, { consumer: { 'bootstrap.servers': '127.0.0.1:1' } });
  await eventually(() => task.states.length === 1, 'start');
  task.stop();
  await task.over;
  expect(collector.closed).toBe(1);
});

test('a dead letter that cannot be written fails the task, and the offset stays', async () => {
  await sink.produce('numbers', 'a', 'bad');
  const { createProducer } = await import('@millrace/kafka');
  const decode = (_topic: string, bytes: Uint8Array | null, start: number, end: number) => {
    const value = String(Buffer.from(bytes?.subarray(start, end) ?? []));
    if (value === 'bad') throw new Error('bad text');
    return { schema: null, value };
  };
  const task = sink.start(() => new Collector(), {
    config: {
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': 'dlq',
      'errors.deadletterqueue.topic.replication.factor': '1',
    },
    parts: { valueConverter: { encode: () => false, decode } },
    settings: { offsetFlushIntervalMs: 20 },
    clients: {
      producer: ({ settings }) => {
        const tooSmall = { 'delivery.timeout.ms': 300, 'max.block.ms': 300, 'bootstrap.servers': '127.0.0.1:1' };
        return createProducer({ settings: { ...settings, ...tooSmall } });
      },
    },
  });
  await expect(task.over).rejects.toThrow('A dead letter could not be written');
  expect(await sink.committed()).toEqual({});
});

test('a paused partition that fills the whole share leaves the others what they need', async () => {
  await sink.topic('numbers', 2);
  await sink.produceNumbers('numbers', 2_000, 1, 1_000);
  const collector = new Collector();
  sink.start(
    (context) => ({
      put: async (records) => {
        collector.put(records);
        // Until as much is fetched as there is room for.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (records.some(({ partition }) => partition === 0)) context.pause([{ topic: 'numbers', partition: 0 }]);
      },
    }),
    { settings: { bufferBytes: 256 * 1024 } },
  );
  await eventually(() => collector.records.length > 0, 'delivery');
  const before = collector.records.length;
  await sink.produce('numbers', { partition: 1, value: Buffer.from('other') });
  await eventually(() => collector.values.includes('other'), 'delivery of the other partition', 5_000);
  expect(collector.records.length).toBe(before + 1);
});
