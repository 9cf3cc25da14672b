import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKafkaOffsetStore } from '../../src/offsets/kafka-offset-store.ts';
import type { OffsetStore } from '../../src/offsets/offset-store.ts';
import { createWorker, type Worker } from '../../src/worker/worker.ts';
import { pluginModule } from '../host/fixtures/specs.ts';

let broker: Broker;
let folder: string;
const workers: Worker[] = [];

beforeAll(async () => {
  broker = await startBroker();
  folder = await mkdtemp(join(tmpdir(), 'millrace-worker-'));
});
afterAll(async () => {
  await broker.close();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
});

async function offsetStore(topic: string): Promise<OffsetStore> {
  const settings = { 'bootstrap.servers': broker.bootstrap, 'isolation.level': 'read_committed' };
  const clients = {
    admin: createAdmin({ settings }),
    reader: createReader({ settings }),
    producer: createProducer({ settings }),
  };
  const store = createKafkaOffsetStore({ topic, partitions: 1, replicationFactor: 1, clients, log: silentLogger });
  await store.start();
  return store;
}

async function open(hostKind: 'inline' | 'thread', offsetsTopic: string, more = {}): Promise<Worker> {
  const worker = await createWorker({
    properties: {
      'bootstrap.servers': broker.bootstrap,
      'group.id': `workers-${offsetsTopic}`,
      'offset.storage.topic': offsetsTopic,
      'offset.flush.interval.ms': '100',
      'key.converter': 'StringConverter',
      'value.converter': 'StringConverter',
      ...more,
    },
    plugins: [pluginModule],
    hostKind,
    offsets: await offsetStore(offsetsTopic),
    host: { metricsMs: 20 },
    hosts: 2,
  });
  workers.push(worker);
  return worker;
}

const until = (condition: () => Promise<void> | void) => vi.waitFor(condition, { timeout: 25_000, interval: 20 });
const expected = (topic: string, count: number) => Array.from({ length: count }, (_, index) => `${topic} ${index}`);

describe.each(['inline', 'thread'] as const)('a worker with %s hosts and Kafka', (hostKind) => {
  it('moves records from a source to a sink, and goes on where it was', { timeout: 60_000 }, async () => {
    const topic = `moved-${hostKind}`;
    const path = join(folder, topic);
    const source = { name: 'from', 'connector.class': 'numbers', topic, count: '25' };
    const transform = { transforms: 'r', 'transforms.r.type': 'RegexRouter', 'transforms.r.regex': '(.*)' };
    const sink = { name: `to-${hostKind}`, 'connector.class': 'lines', topics: topic, path, 'tasks.max': '1' };
    const routed = { ...transform, 'transforms.r.replacement': 'sent-$1' };
    const lines = async () => (await readFile(path, 'utf8')).trim().split('\n');

    const first = await open(hostKind, `offsets-${topic}`);
    await first.startConnector(source);
    await first.startConnector({ ...sink, ...routed });
    await until(async () => expect(await lines()).toEqual(expected(`sent-${topic}`, 25)));
    await until(() =>
      expect(first.metrics('from', 0)['source-task-metrics']).toMatchObject({ sourceRecordWriteTotal: 25 }),
    );
    expect(first.topics('from')).toEqual([topic]);
    await first.close();

    const second = await open(hostKind, `offsets-${topic}`);
    await second.startConnector({ ...source, count: '40' });
    await second.startConnector({ ...sink, ...routed });
    await until(async () => expect(await lines()).toEqual(expected(`sent-${topic}`, 40)));
  });

  it('writes exactly once where it is enabled', { timeout: 60_000 }, async () => {
    const topic = `exact-${hostKind}`;
    const path = join(folder, topic);
    const exact = { 'exactly.once.source.support': 'enabled' };
    const source = { name: 'from', 'connector.class': 'numbers', topic, 'exactly.once.support': 'required' };
    const sink = {
      name: `to-${topic}`,
      'connector.class': 'lines',
      topics: topic,
      path,
      'consumer.override.isolation.level': 'read_committed',
    };
    const lines = async () => (await readFile(path, 'utf8')).trim().split('\n');
    for (const count of [15, 30]) {
      const worker = await open(hostKind, `offsets-${topic}`, exact);
      await worker.startConnector({ ...source, count: `${count}` });
      await worker.startConnector(sink);
      await until(async () => expect(await lines()).toEqual(expected(topic, count)));
      await worker.close();
    }
  });
});
