import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, RetriableError, type SinkTask } from '@millrace/api';
import {
  checkFiles,
  createSinkContext,
  createTestWorker,
  sinkRecord,
  verifiableFile,
  withFaults,
} from '@millrace/testkit';
import { verifiableSink } from '@millrace/testkit/plugin';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseFault } from '../../src/faults/fault.ts';
import { manifest } from '../manifest.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function openSink(
  faults: string,
  marks?: string,
): Promise<{ readonly task: SinkTask; readonly abort: () => void }> {
  const plugin = withFaults(verifiableSink, faults, marks);
  const { context, abort } = createSinkContext(plugin, {});
  return { task: await plugin.open(context), abort };
}

const put = async (task: SinkTask) => task.put([sinkRecord({ value: '1' })]);

describe('a fault', () => {
  test('is written as call, number and kind', () => {
    expect(parseFault(' put#3=retriable ')).toMatchObject({ call: 'put', nth: 3, kind: 'retriable', after: false });
    expect(parseFault('poll#*=delay:20-after')).toMatchObject({
      call: 'poll',
      kind: 'delay',
      delayMs: 20,
      after: true,
    });
    for (const wrong of ['put', 'put#0=fail', 'put#1=explode', 'run#1=fail', 'put#1=delay', 'put#1=fail:5']) {
      expect(() => parseFault(wrong)).toThrow(`${wrong} is no fault`);
    }
  });

  test('happens at its call alone', async () => {
    const { task } = await openSink('put#2=fail,put#3=retriable,put#4=data');
    await put(task);
    await expect(put(task)).rejects.toThrow('The planned fault put#2=fail.');
    expect(RetriableError.isInstance(await put(task).catch((error: unknown) => error))).toBe(true);
    expect(DataError.isInstance(await put(task).catch((error: unknown) => error))).toBe(true);
    await put(task);
    await task.close?.();
  });

  test('can be one of every call, and of any', async () => {
    await expect(openSink('open#1=fail')).rejects.toThrow('open#1=fail');
    const { task } = await openSink('flush#*=fail,partitionsAssigned#1=fail,partitionsRevoked#1=fail,close#1=fail');
    await expect(task.preCommit?.([])).rejects.toThrow('flush');
    await expect(task.preCommit?.([])).rejects.toThrow('flush');
    await expect(task.partitionsAssigned?.([])).rejects.toThrow('partitionsAssigned');
    await expect(task.partitionsRevoked?.([], false)).rejects.toThrow('partitionsRevoked');
    await expect(task.close?.()).rejects.toThrow('close');
  });

  test('happens once where it leaves a mark, also in the next task', async () => {
    const marks = join(folder, 'marks');
    await expect(put((await openSink('put#1=fail', marks)).task)).rejects.toThrow('put#1=fail');
    await put((await openSink('put#1=fail', marks)).task);
  });

  test('that takes long ends when the task has to stop; one that hangs does not', async () => {
    const { task, abort } = await openSink('put#1=delay:100000,put#2=hang');
    const slow = put(task).catch((error: Error) => error.message);
    abort();
    expect(await slow).toBe('The task has to stop.');
    const hung = vi.fn();
    put(task).then(hung, hung);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(hung).not.toHaveBeenCalled();
  });
});

describe.each(['inline', 'thread'] as const)(
  'connectors that go wrong by their configuration, in %s hosts',
  (hostKind) => {
    const faulty = { 'faulty.module': manifest };

    test('lose nothing by errors that may be tried again', { timeout: 60_000 }, async () => {
      await using worker = await createTestWorker({ plugins: [manifest], hostKind });
      const file = join(folder, `retried-${hostKind}`);
      await worker.startConnector({
        ...faulty,
        name: 'numbers',
        'connector.class': 'faulty-source',
        'faulty.export': 'verifiableSource',
        topic: 'numbers',
        count: '900',
        'batch.size': '100',
        faults: 'poll#2=retriable,poll#5=delay:30,commit#1=fail,committed#2=fail',
      });
      await worker.startConnector({
        ...faulty,
        name: 'written',
        'connector.class': 'faulty-sink',
        'faulty.export': 'verifiableSink',
        topics: 'numbers',
        file,
        faults: 'put#1=retriable,put#3=retriable,flush#1=fail,preCommit#2=fail',
      });
      await expect.poll(async () => (await checkFiles([verifiableFile(file)])).distinct, { timeout: 30_000 }).toBe(900);
      expect((await checkFiles([verifiableFile(file)])).missing(900)).toBe(0);
      expect((await worker.checkTopic('numbers')).missing(900)).toBe(0);
    });

    test('fail with what was planned, and go on when they are started again', { timeout: 60_000 }, async () => {
      await using worker = await createTestWorker({ plugins: [manifest], hostKind });
      await worker.startConnector({
        ...faulty,
        name: 'numbers',
        'connector.class': 'faulty-source',
        'faulty.export': 'verifiableSource',
        'faulty.marks': join(folder, `marks-${hostKind}`),
        topic: 'numbers',
        count: '600',
        'batch.size': '100',
        faults: 'poll#4=fail-after',
      });
      await worker.waitForState('numbers', 'FAILED');
      expect(worker.status('numbers').tasks[0]?.trace).toContain('The planned fault poll#4=fail-after.');
      await worker.restartConnector('numbers');
      await worker.consume('numbers', 600);
      expect((await worker.checkTopic('numbers')).missing(600)).toBe(0);
    });

    test('are refused when the fault or the connector is none', async () => {
      await using worker = await createTestWorker({ plugins: [manifest], hostKind });
      const wrong = {
        ...faulty,
        name: 'wrong',
        'connector.class': 'faulty-sink',
        topics: 't',
        'faulty.export': 'nothing',
      };
      await expect(worker.startConnector({ ...wrong, faults: 'put' })).rejects.toThrow('put is no fault');
      await expect(worker.startConnector({ ...wrong, faults: 'put#1=fail' })).rejects.toThrow(
        'exports no connector nothing',
      );
    });
  },
);
