import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { silentLogger, type Table, type TableSpec } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createJsonConverter, createStringConverter } from '@millrace/converters';
import { createAdmin, createProducer, type Producer } from '@millrace/kafka';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TopicTables } from '../../src/tables/topic-tables.ts';

let broker: Broker;
let producer: Producer;
beforeAll(async () => {
  broker = await startBroker();
  producer = createProducer({ settings: { 'bootstrap.servers': broker.bootstrap } });
});
afterAll(async () => {
  await producer.close();
  await broker.close();
});

async function createTopic(): Promise<string> {
  const topic = `table-${randomUUID()}`;
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  await admin.createTopics([{ name: topic, partitions: 3, configs: { 'cleanup.policy': 'compact' } }]);
  await admin.close();
  return topic;
}

async function put(topic: string, key: string, row: unknown): Promise<void> {
  await producer.send({
    topic,
    key: Buffer.from(key),
    value: row === null ? null : Buffer.from(typeof row === 'string' ? row : JSON.stringify(row)),
  });
}

async function open(
  tables: TopicTables,
  config: Readonly<Record<string, string>>,
  spec: Partial<TableSpec> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Table> {
  const provider = tables.provider({
    settings: { 'bootstrap.servers': broker.bootstrap },
    converter: (part) => ({
      identity: part,
      open: async () => (part === 'key' ? createStringConverter({}) : createJsonConverter({ schemasEnable: false })),
    }),
  });
  const table = await provider.open({ config, keyParts: 1, fields: undefined, ...spec }, { log: silentLogger, signal });
  onTestFinished(() => table.close());
  return table;
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('The condition has not come true within 5 s.');
    await delay(5);
  }
}

test('a table has the latest row of each key, and follows what is written', async () => {
  const topic = await createTopic();
  await put(topic, 'a', { name: 'old' });
  await put(topic, 'a', { name: 'Ann' });
  await put(topic, 'b', { name: 'Bo' });
  await put(topic, 'c', { name: 'Cy' });
  await put(topic, 'c', null);
  const table = await open(new TopicTables({ memoryBytes: 1e6 }), { topic });
  expect(table.get('a')?.value).toEqual({ name: 'Ann' });
  expect(table.get('b')?.value).toEqual({ name: 'Bo' });
  expect(table.get('c')).toBeUndefined();
  await put(topic, 'a', { name: 'Ada' });
  await put(topic, 'b', null);
  await until(() => table.get('b') === undefined);
  await until(() => isDeepStrictEqual(table.get('a')?.value, { name: 'Ada' }));
});

test('keys of several fields, converters of its own, and only the fields that are wanted', async () => {
  const topic = await createTopic();
  await put(topic, '{"id":5,"zone":"eu"}', { name: 'Ann', city: 'Oslo' });
  const config = { topic, key: 'zone,id', 'key.converter': 'JsonConverter', 'key.converter.schemas.enable': 'false' };
  const table = await open(new TopicTables({ memoryBytes: 1e6 }), config, { keyParts: 2, fields: ['city'] });
  expect(table.get(['eu', 5])?.value).toEqual({ city: 'Oslo' });
});

test('tasks of one host share a table; its memory is free when the last one has closed it', async () => {
  const topic = await createTopic();
  await put(topic, 'a', { name: 'Ann' });
  const tables = new TopicTables({ memoryBytes: 1e6 });
  const [first, second] = await Promise.all([open(tables, { topic }), open(tables, { topic })]);
  const bytes = tables.bytes;
  expect(bytes).toBe(1 + '{"name":"Ann"}'.length);
  await first.close();
  await first.close();
  expect(second.get('a')?.value).toEqual({ name: 'Ann' });
  await second.close();
  expect(tables.bytes).toBe(0);
});

test('a table that is too large is not opened, and one that outgrows its room fails the next batch', async () => {
  const topic = await createTopic();
  await put(topic, 'a', { name: 'x'.repeat(100) });
  await expect(open(new TopicTables({ memoryBytes: 1e6 }), { topic, 'max.bytes': '50' })).rejects.toThrow(
    'larger than table.max.bytes=50',
  );
  const tables = new TopicTables({ memoryBytes: 150 });
  const table = await open(tables, { topic });
  expect(table.prepare?.([])).toBeUndefined();
  await put(topic, 'b', { name: 'x'.repeat(100) });
  await until(() => table.prepare?.([])?.catch(() => undefined) !== undefined);
  await expect(table.prepare?.([])).rejects.toThrow(/is not current any longer: .*may hold 150 bytes/);
  await table.close();
  expect(tables.bytes).toBe(0);
});

test('a record that is no row is left out', async () => {
  const topic = await createTopic();
  await put(topic, 'a', '{bad json');
  await producer.send({ topic, key: null, value: Buffer.from('{}'), partition: 0 }).catch(() => undefined);
  await put(topic, 'b', { name: 'Bo' });
  const table = await open(new TopicTables({ memoryBytes: 1e6 }), { topic });
  expect(table.get('a')).toBeUndefined();
  expect(table.get('b')?.value).toEqual({ name: 'Bo' });
});

test('what is wrong with the configuration is said, with the key', async () => {
  const tables = new TopicTables({ memoryBytes: 1e6 });
  await expect(open(tables, { topic: 'not-there' })).rejects.toThrow('There is no topic not-there');
  const topic = await createTopic();
  await expect(open(tables, { topic, key: 'a,b' })).rejects.toThrow('key of 2 values, and the key of a record has 1');
  await expect(open(tables, { topic, 'key.converter': 'nope' })).rejects.toMatchObject({
    problems: [{ key: 'key.converter', message: expect.stringContaining('there are: string, json') }],
  });
  expect(tables.bytes).toBe(0);
});
