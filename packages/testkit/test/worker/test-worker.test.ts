import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles, createTestWorker, verifiableFile } from '@millrace/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../manifest.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-testkit-'));
});
afterAll(() => rm(folder, { recursive: true }));

const source = { name: 'numbers', 'connector.class': 'verifiable-source', topic: 'numbers', count: '500' };

describe.each(['inline', 'thread'] as const)('a test worker with %s hosts', (hostKind) => {
  test('moves numbers from a source over a topic to a sink', async () => {
    await using worker = await createTestWorker({ plugins: [manifest], hostKind });
    const file = join(folder, hostKind);
    await worker.createTopic('numbers', 2);
    await worker.startConnector({ ...source, 'tasks.max': '2' });
    await worker.startConnector({
      name: 'written',
      'connector.class': 'verifiable-sink',
      topics: 'numbers',
      'tasks.max': '2',
      file,
    });
    await worker.consume('numbers', 1000);
    await expect
      .poll(async () => (await checkFiles([verifiableFile(file), verifiableFile(file, 1)])).distinct, {
        timeout: 20_000,
      })
      .toBe(1000);
    expect((await checkFiles([verifiableFile(file), verifiableFile(file, 1)])).problems(500, ['0', '1'])).toEqual([]);
    expect((await worker.checkTopic('numbers', { partitions: 2 })).problems(500, ['0', '1'])).toEqual([]);
    expect(worker.metrics('numbers', 0)).toBeTypeOf('object');
  });
});

test('a connector is paused, resumed, started again and stopped', async () => {
  await using worker = await createTestWorker({ plugins: [manifest] });
  await worker.startConnector({ ...source, throughput: '100', count: '100000' });
  await worker.consume('numbers', 10);
  await worker.pauseConnector('numbers');
  expect(worker.status('numbers').tasks).toEqual([{ id: 0, state: 'PAUSED' }]);
  await worker.resumeConnector('numbers');
  await worker.restartConnector('numbers');
  const { distinct } = await worker.checkTopic('numbers');
  await worker.consume('numbers', distinct + 10);
  await worker.stopConnector('numbers');
  expect(() => worker.status('numbers')).toThrow('does not run in this worker');
  const check = await worker.checkTopic('numbers');
  expect(check.problems(check.distinct)).toEqual([]);
});

test('records go in and come out as texts', async () => {
  await using worker = await createTestWorker({ plugins: [] });
  const headers = { a: '1' };
  await worker.produce('t', 'first', { key: 'k', value: null, headers, timestamp: 7 });
  expect(await worker.consume('t', 2)).toMatchObject([
    { key: null, value: 'first', headers: {}, partition: 0, offset: 0 },
    { key: 'k', value: null, headers, offset: 1, timestamp: 7 },
  ]);
});

test('what does not come is said, with what came', async () => {
  await using worker = await createTestWorker({ plugins: [manifest] });
  await worker.produce('t', 'first');
  await expect(worker.consume('t', 2, { timeoutMs: 100 })).rejects.toThrow(
    'Only 1 of 2 records came to t within 100 ms.',
  );
  await expect(worker.startConnector({ ...source, 'batch.size': '0' })).rejects.toThrow('batch.size');
  const sink = { name: 'fails', 'connector.class': 'verifiable-sink', topics: 'u', 'fail.after': '0' };
  await worker.createTopic('u');
  await worker.startConnector(sink);
  await worker.produce('u', '1');
  await worker.waitForState('fails', 'FAILED');
  await expect(worker.waitForState('fails', 'RUNNING')).rejects.toThrow('fails after 0 records');
});

test('a second worker on the same broker goes on where the first was', async () => {
  await using first = await createTestWorker({ plugins: [manifest] });
  await first.startConnector(source);
  await first.consume('numbers', 500);
  await first.stopConnector('numbers');
  await using second = await createTestWorker({ plugins: [manifest], bootstrapServers: first.bootstrapServers });
  await second.startConnector({ ...source, count: '700' });
  await second.consume('numbers', 700);
  expect((await second.checkTopic('numbers')).problems(700, ['0'])).toEqual([]);
  await second.close();
  await second.close();
});
