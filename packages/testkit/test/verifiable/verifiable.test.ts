import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  acceptance,
  createSinkContext,
  createTestWorker,
  type SinkDriver,
  type SourceDriver,
  sinkRecord,
  verifiableFile,
} from '@millrace/testkit';
import { verifiableSink, verifiableSource } from '@millrace/testkit/plugin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open } from '../../src/verifiable/verifiable-source-task.ts';
import { manifest } from '../manifest.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-testkit-'));
});
afterAll(() => rm(folder, { recursive: true }));

let places = 0;

describe('the verifiable source', () => {
  const counts = new Map<string, number>();
  const driver: SourceDriver = {
    invalid: [
      { config: { 'batch.size': '0', 'exactly.once': 'perhaps' }, problems: ['topic', 'batch.size', 'exactly.once'] },
    ],
    open: async () => {
      const topic = `place-${places++}`;
      counts.set(topic, 0);
      const add = async (count: number) => void counts.set(topic, (counts.get(topic) ?? 0) + count);
      return { config: { topic }, add, remove: async () => void counts.delete(topic) };
    },
  };
  const growing: typeof verifiableSource = {
    ...verifiableSource,
    open: (context) => open(context, () => counts.get(context.config.topic) ?? 0),
  };
  test.each(acceptance(growing, driver))('$name', ({ run }) => expect(run()).resolves.toBeUndefined());
});

describe('the verifiable sink', () => {
  const driver: SinkDriver = {
    invalid: [{ config: { 'put.delay.ms': '-1', 'fail.after': 'x' }, problems: ['put.delay.ms', 'fail.after'] }],
    record: (topic, offset) => sinkRecord({ topic, offset, value: `${offset}` }),
    open: async () => {
      const file = join(folder, `place-${places++}`);
      const count = async () => (await readFile(verifiableFile(file), 'utf8').catch(() => '')).split('\n').length - 1;
      return { config: { file }, count };
    },
  };
  test.each(acceptance(verifiableSink, driver))('$name', ({ run }) => expect(run()).resolves.toBeUndefined());

  test('takes away a line that a crash has cut off', async () => {
    const file = join(folder, 'cut');
    await appendFile(verifiableFile(file), '0 11\n0 1');
    const { context } = createSinkContext(verifiableSink, { file });
    const task = await verifiableSink.open(context);
    await task.put([sinkRecord({ key: 0, value: '12' })]);
    await task.close?.();
    expect(await readFile(verifiableFile(file), 'utf8')).toBe('0 11\n0 12\n');
  });
});

describe('exactly once', () => {
  const exact = { 'exactly.once.source.support': 'enabled' };
  const source = {
    name: 'numbers',
    'connector.class': 'verifiable-source',
    topic: 'numbers',
    count: '1000',
    'exactly.once.support': 'required',
    'transaction.boundary': 'connector',
    'transaction.records': '70',
    'transaction.abort.every': '3',
  };

  test('transactions that the source aborts are in the topic, and nobody reads them', { timeout: 60_000 }, async () => {
    await using worker = await createTestWorker({ plugins: [manifest], properties: exact });
    // Slow enough that an aborted transaction has been sent in part.
    await worker.startConnector({ ...source, count: '980', 'batch.size': '20', throughput: '2000' });
    await worker.consume('numbers', 980);
    expect((await worker.checkTopic('numbers')).problems(980, ['0'])).toEqual([]);
    expect((await worker.checkTopic('numbers', { committed: false })).doubled).toBeGreaterThan(0);
  });

  test('is refused where the source says that it does not', async () => {
    await using worker = await createTestWorker({ plugins: [manifest], properties: exact });
    await expect(worker.startConnector({ ...source, 'exactly.once': 'unsupported' })).rejects.toThrow(
      'does not support exactly-once',
    );
  });
});

test('the throughput is kept', async () => {
  await using worker = await createTestWorker({ plugins: [manifest] });
  const started = performance.now();
  await worker.startConnector({
    name: 'numbers',
    'connector.class': 'verifiable-source',
    topic: 'numbers',
    throughput: '200',
    'value.bytes': '50',
  });
  const records = await worker.consume('numbers', 200);
  expect(performance.now() - started).toBeGreaterThan(990);
  expect(new Set(records.map(({ value }) => value?.length))).toEqual(new Set([50]));
});
