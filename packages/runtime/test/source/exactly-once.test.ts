import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DataError,
  type OffsetMap,
  RetriableError,
  type SourceRecord,
  type SourceTask,
  silentLogger,
  type TransactionContext,
} from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createStringConverter } from '@millrace/converters';
import { createAdmin, type Producer, type RawSettings } from '@millrace/kafka';
import type { ChainStage } from '@millrace/transforms';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { OffsetKey } from '../../src/offsets/offset-entry.ts';
import { encodeOffsetKey } from '../../src/offsets/offset-json.ts';
import { kafkaClients } from '../../src/source/task-connections.ts';
import type { TaskServices } from '../../src/task/task-runner.ts';
import {
  type Context,
  numbers,
  poisoned,
  type RunningTask,
  readTopic,
  startTask,
  type TaskSetup,
  textOf,
  until,
  upTo,
} from './support.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

const numbersPartition = textOf({ from: 'numbers' });
const offsetsOf = (topic: string): string => `${topic}-offsets`;
const committed = async (topic: string, at: Broker = broker): Promise<(string | null)[]> =>
  (await readTopic(at, topic, 'read_committed')).map(({ value }) => value);

function start(
  topic: string,
  setup: Omit<TaskSetup, 'broker' | 'exactlyOnce'> & { readonly broker?: Broker },
): RunningTask {
  return startTask({
    broker,
    exactlyOnce: { transactionalId: `group-${topic}-0`, offsetsTopic: offsetsOf(topic) },
    ...setup,
  });
}

/** Where a consumer of committed offsets would continue. */
async function storedAt(topic: string, at: Broker = broker): Promise<number> {
  const last = (await committed(offsetsOf(topic), at)).at(-1);
  return last === undefined || last === null ? 0 : (JSON.parse(last) as { at: number }).at;
}

/** Reads its offsets from Kafka, as the worker does. */
const fromKafka = (topic: string, at?: Broker): TaskSetup['services'] => ({
  readOffsets: async () => {
    const stored = await storedAt(topic, at);
    return [stored === 0 ? null : { at: BigInt(stored) }];
  },
});

describe('transactions', () => {
  test('hold records and their offsets, in the order of the calls before them', async () => {
    const order: string[] = [];
    const told: (number | undefined)[] = [];
    const task = start('eos', {
      services: {
        fenceEarlierTasks: async () => void order.push('fence'),
        checkGeneration: async () => void order.push('check'),
      },
      open: (context) => {
        order.push('open');
        return numbers(context, {
          topic: 'eos',
          count: 1000,
          task: { committed: (_, metadata) => void told.push(...metadata.map((each) => each?.offset)) },
        });
      },
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 1000n);
    await task.stop();
    expect(order).toEqual(['fence', 'check', 'open']);
    expect(await committed('eos')).toEqual(upTo(1000));
    expect(told).toHaveLength(1000);
    expect(told.every((offset) => offset !== undefined)).toBe(true);
    const offsets = await readTopic(broker, offsetsOf('eos'), 'read_committed');
    expect(offsets.at(-1)).toMatchObject({ key: '["c",{"from":"numbers"}]', value: '{"at":1000}' });
    // One for each poll.
    expect(offsets).toHaveLength(10);
    expect(task.runner.metrics?.()['source-task-metrics']).toMatchObject({
      transactionCount: 10,
      transactionSizeMin: 100,
      transactionSizeMax: 100,
      sourceRecordActiveCount: 0,
    });
  });

  test('are committed while the next batch is polled', async () => {
    const events: string[] = [];
    let polls = 0;
    start('overlap', {
      services: {
        offsetKeys: async (partitions) => {
          // The first commit takes its time: the second poll does not wait for it.
          await until('the second poll', () => polls >= 2);
          events.push('commit');
          return partitions.map((partition): OffsetKey => ({ key: encodeOffsetKey('c', partition), obsolete: [] }));
        },
      },
      open: async (context) => {
        const task = await numbers(context, { topic: 'overlap', count: 200 });
        return {
          poll: () => {
            events.push('poll');
            polls++;
            return task.poll();
          },
        };
      },
    });
    await until('everything', async () => (await committed('overlap')).length === 200);
    expect(events.slice(0, 3)).toEqual(['poll', 'poll', 'commit']);
    expect(await committed('overlap')).toEqual(upTo(200));
  });

  test('are committed while the next batch is encoded', async () => {
    let encoded = 0;
    const strings = createStringConverter();
    const clients = kafkaClients(silentLogger);
    const producer = (settings: RawSettings): Producer => {
      const inner = clients.producer(settings);
      const commit = inner.commitTransaction.bind(inner);
      // The answer to the first commit is not heard before the second batch is encoded.
      inner.commitTransaction = () => {
        const wanted = Math.min(200, encoded + 100);
        return Promise.all([commit(), until('the next batch', () => encoded >= wanted)]).then(() => undefined);
      };
      return inner;
    };
    const task = start('encoded', {
      clients: { ...clients, producer },
      valueConverter: {
        ...strings,
        encode(...call) {
          encoded++;
          return strings.encode(...call);
        },
      },
      open: (context) => numbers(context, { topic: 'encoded', count: 200 }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 200n);
    expect(await committed('encoded')).toEqual(upTo(200));
  });

  test('go on by themselves when their topic vanishes while they are committed', async () => {
    const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
    onTestFinished(() => admin.close());
    const task = start('vanishing', {
      open: (context) => numbers(context, { topic: 'vanishing', count: 100_000, batch: 500 }),
    });
    await until('some offset', () => task.offsets.size > 0);
    await admin.deleteTopics(['vanishing']);
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 100_000n, 20_000);
    await task.stop();
    const found = await committed('vanishing');
    // What was committed before the deletion went with the topic; everything behind it is there.
    expect(found).toEqual(upTo(100_000).slice(100_000 - found.length));
    expect(found.length).toBeGreaterThan(0);
  });

  test('of dropped records alone hold their offsets', async () => {
    const task = start('dropped', {
      stages: [{ name: 'all', transform: { apply: () => null } }],
      open: (context) => numbers(context, { topic: 'dropped', count: 10 }),
    });
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 10n);
    expect(await storedAt('dropped')).toBe(10);
    expect(await committed('dropped')).toEqual([]);
  });

  test('delete obsolete keys of the same meaning, once', async () => {
    const obsolete = Buffer.from('["c", {"from":"numbers"}]');
    const task = start('obsolete', {
      services: {
        offsetKeys: async (partitions) =>
          partitions.map((partition) => ({ key: encodeOffsetKey('c', partition), obsolete: [obsolete] })),
      },
      open: (context) => numbers(context, { topic: 'obsolete', count: 20, batch: 10 }),
    });
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 20n);
    const records = await readTopic(broker, offsetsOf('obsolete'), 'read_committed');
    expect(records.map(({ key, value }) => [key, value])).toEqual([
      [obsolete.toString(), null],
      ['["c",{"from":"numbers"}]', '{"at":10}'],
      ['["c",{"from":"numbers"}]', '{"at":20}'],
    ]);
  });

  test('end after the interval, also while the source waits in poll', async () => {
    let polls = 0;
    const task = start('interval', {
      config: { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '150' },
      open: async (context) => {
        const source = await numbers(context, { topic: 'interval', count: 1000 });
        return {
          poll: async () => {
            if (polls++ === 5) await sleep(60_000, undefined, { signal: context.signal });
            return source.poll();
          },
        };
      },
    });
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 500n);
    expect(await committed('interval')).toEqual(upTo(500));
    expect((await readTopic(broker, offsetsOf('interval'), 'read_committed')).length).toBeLessThan(4);
  });

  test('end with pause and stop', async () => {
    const task = start('rested', {
      config: { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '60000' },
      open: (context) => numbers(context, { topic: 'rested', count: 1_000_000, batch: 10 }),
    });
    const polled = (): number => task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal'] as number;
    await until('records', () => polled() > 0);
    task.runner.pause();
    await until('rest', () => task.states.at(-1) === 'paused');
    const before = polled();
    await until('the commit', async () => (await committed('rested')).length === before);
    task.runner.resume();
    await until('more records', () => polled() > before);
    await task.stop();
    expect((await committed('rested')).length).toBe(polled());
    expect(await storedAt('rested')).toBe(polled());
  });

  test('of a task that fails are aborted', async () => {
    const task = start('failing', {
      config: {
        'transaction.boundary': 'interval',
        'transaction.boundary.interval.ms': '60000',
        'errors.tolerance': 'none',
      },
      producer: { 'batch.size': 1 },
      valueConverter: poisoned(
        (text) => text === '55',
        () => new DataError('poison'),
      ),
      open: (context) => numbers(context, { topic: 'failing', count: 100, batch: 10 }),
    });
    await expect(task.ended).rejects.toThrow(/poison/);
    expect(await committed('failing')).toEqual([]);
    expect((await readTopic(broker, 'failing')).length).toBeGreaterThan(0);
    expect(await storedAt('failing')).toBe(0);
  });

  test('fail with the producer, whatever is tolerated', async () => {
    const task = start('strict', {
      config: { 'errors.tolerance': 'all' },
      producer: { 'max.request.size': 1000 },
      open: (context) => numbers(context, { topic: 'strict', count: 5, record: () => ({ value: 'x'.repeat(2000) }) }),
    });
    await expect(task.ended).rejects.toThrow(/KAFKA_PRODUCE/);
    expect(await committed('strict')).toEqual([]);
  });

  test('may not hold records for the topic of the offsets', async () => {
    const task = start('own', { open: (context) => numbers(context, { topic: offsetsOf('own'), count: 5 }) });
    await expect(task.ended).rejects.toThrow(/own-offsets, the topic that holds the offsets/);
  });

  test('hold dead letters, too', async () => {
    const task = start('lettered', {
      config: {
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': 'lettered-letters',
        'errors.deadletterqueue.topic.replication.factor': '1',
      },
      valueConverter: poisoned(
        (text) => text.endsWith('7'),
        () => new DataError('poison'),
      ),
      open: (context) => numbers(context, { topic: 'lettered', count: 100, batch: 5 }),
    });
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 100n);
    expect(await committed('lettered')).toEqual(upTo(100).filter((text) => !text.endsWith('7')));
    expect(await committed('lettered-letters')).toHaveLength(10);
  });
});

describe('a connector that sets boundaries', () => {
  const connector = { config: { 'transaction.boundary': 'connector' } };
  type Decide = (records: readonly SourceRecord[], transaction: TransactionContext, poll: number) => void;

  function deciding(topic: string, decide: Decide, task: Partial<SourceTask> = {}) {
    return async (context: Context): Promise<SourceTask> => {
      const source = await numbers(context, { topic, count: 60, batch: 10, task });
      let polls = 0;
      return {
        ...source,
        poll: async () => {
          const records = await source.poll();
          decide(records ?? [], context.transaction as TransactionContext, polls++);
          return records;
        },
      };
    };
  }

  test('commits batches, and what it leaves open is aborted at the end', async () => {
    const task = start('by-batch', {
      ...connector,
      open: deciding('by-batch', (_, transaction, poll) => {
        if (poll === 1 || poll === 3) transaction.commitBatch();
      }),
    });
    await until('all polls', () => task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal'] === 60);
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 40n);
    await task.stop();
    expect(await committed('by-batch')).toEqual(upTo(40));
    expect(await storedAt('by-batch')).toBe(40);
  });

  test('commits after a poll that gave nothing', async () => {
    const task = start('by-nothing', {
      ...connector,
      open: deciding('by-nothing', (records, transaction) => {
        if (records.length === 0) transaction.commitBatch();
      }),
    });
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 60n);
    expect(await committed('by-nothing')).toEqual(upTo(60));
  });

  test('commits and aborts in the middle of a batch; offsets of what was aborted are committed', async () => {
    const told: [string, boolean][] = [];
    const task = start('by-record', {
      ...connector,
      open: deciding(
        'by-record',
        (records, transaction, poll) => {
          if (poll === 1) transaction.commitRecord(records[4] as SourceRecord);
          if (poll === 2) transaction.abortRecord(records[7] as SourceRecord);
          if (poll === 3) transaction.abortBatch();
          if (poll === 5) transaction.commitBatch();
        },
        {
          committed: (records, metadata) => {
            for (const [index, { value }] of records.entries()) told.push([value as string, metadata[index] !== null]);
          },
        },
      ),
    });
    await until('the offset', () => task.offsets.get(numbersPartition)?.['at'] === 60n);
    await until('all callbacks', () => told.length === 60);
    // 0–14 committed, 15–27 aborted, 28–39 aborted, 40–59 committed.
    const kept = upTo(60).filter((text) => Number(text) < 15 || Number(text) >= 40);
    expect(await committed('by-record')).toEqual(kept);
    expect(task.commits.flat().map(({ offset }) => offset?.['at'])).toEqual([15n, 28n, 40n, 60n]);
    expect(told.map(([value]) => value)).toEqual(upTo(60));
    expect(told.filter(([, visible]) => visible).map(([value]) => value)).toEqual(kept);
  });

  test('may not ask for both', async () => {
    const task = start('by-both', {
      ...connector,
      open: deciding('by-both', (_, transaction) => {
        transaction.commitBatch();
        transaction.abortBatch();
      }),
    });
    await expect(task.ended).rejects.toThrow(/both commit and abort of the same batch/);
    expect(await committed('by-both')).toEqual([]);
  });
});

describe('a stop', () => {
  const tolerant = { 'errors.tolerance': 'all', 'errors.retry.timeout': '-1' };
  const failingAt = (text: string, error: () => Error): ChainStage => ({
    name: `at-${text}`,
    transform: {
      apply(record) {
        if (record.value === text) throw error();
        return record;
      },
    },
  });

  test('while the second half of a transaction is retried commits neither half', async () => {
    let retries = 0;
    const later = failingAt('1', () => {
      retries++;
      return new RetriableError('later');
    });
    const task = start('halved', {
      config: { ...tolerant, 'transaction.boundary': 'connector' },
      stages: [later],
      open: async (context) => {
        const source = await numbers(context, { topic: 'halved', count: 2, batch: 1 });
        let polls = 0;
        return {
          poll: () => {
            if (++polls === 2) context.transaction?.commitBatch();
            return source.poll();
          },
        };
      },
    });
    await until('the back-off', () => retries > 0);
    await task.stop();
    expect(await committed('halved')).toEqual([]);
    expect(await storedAt('halved')).toBe(0);
  });

  test('while the record behind a dead letter is retried does not commit the letter', async () => {
    let retries = 0;
    const setup = (isBlocked: boolean): Omit<TaskSetup, 'broker' | 'exactlyOnce'> => ({
      config: {
        ...tolerant,
        'errors.deadletterqueue.topic.name': 'behind-letters',
        'errors.deadletterqueue.topic.replication.factor': '1',
      },
      services: fromKafka('behind') ?? {},
      stages: [
        failingAt('0', () => new DataError('poison')),
        failingAt(isBlocked ? '1' : 'none', () => {
          retries++;
          return new RetriableError('later');
        }),
      ],
      open: (context) => numbers(context, { topic: 'behind', count: 3 }),
    });
    const blocked = start('behind', setup(true));
    await until('the back-off', () => retries > 0);
    await blocked.stop();
    expect(await committed('behind-letters')).toEqual([]);
    const free = start('behind', setup(false));
    await until('the offset', () => free.offsets.get(numbersPartition)?.['at'] === 3n);
    await free.stop();
    expect(await committed('behind-letters')).toHaveLength(1);
    expect(await committed('behind')).toEqual(['1', '2']);
  });

  test('while a commit takes longer than the flush timeout is no failure', async () => {
    const clients = kafkaClients(silentLogger);
    let isSlow = false;
    let slowCommits = 0;
    const producer = (settings: RawSettings): Producer => {
      const inner = clients.producer(settings);
      const commit = inner.commitTransaction.bind(inner);
      inner.commitTransaction = async () => {
        await commit();
        if (!isSlow) return;
        slowCommits++;
        await sleep(1000);
      };
      return inner;
    };
    const task = start('slow-commit', {
      settings: { offsetFlushTimeoutMs: 200 },
      clients: { ...clients, producer },
      open: (context) => numbers(context, { topic: 'slow-commit', count: 1_000_000, batch: 1 }),
    });
    await until('some offset', () => task.offsets.size > 0);
    isSlow = true;
    await until('a slow commit', () => slowCommits > 0);
    await task.stop();
    expect(task.log.some((line) => line.startsWith('warn') && line.includes('read again'))).toBe(true);
  });

  let hung = 0;
  const hanging = (): Promise<never> => {
    hung++;
    return new Promise<never>(() => undefined);
  };
  // With so many records polled the task stands still, because of what hangs.
  test.each<[string, number, Partial<SourceTask>, Partial<TaskServices>]>([
    ['committed()', 30, { committed: hanging }, {}],
    ['commit()', 0, { commit: hanging }, {}],
    ['the keys of offsets', 20, {}, { offsetKeys: hanging }],
    ['the worker that is told of offsets', 20, {}, { offsetsCommitted: hanging }],
  ])('does not wait for ever for %s', async (what, count, own, services) => {
    hung = 0;
    const topic = `hanging-${what.replaceAll(/[^a-z]/g, '')}`;
    const task = start(topic, {
      settings: { offsetFlushTimeoutMs: 200 },
      services,
      open: (context) => numbers(context, { topic, count, batch: 10, task: own }),
    });
    const polled = (): number | undefined => task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal'];
    await until('what hangs', () => hung > 0 && polled() === count);
    await sleep(20);
    const started = Date.now();
    await task.stop();
    expect(Date.now() - started).toBeLessThan(2000);
  });
});

describe('a zombie', () => {
  test('is fenced by the next task of its transactional id, and nothing is missing or doubled', async () => {
    const topic = 'fenced';
    const open = (context: Context): Promise<SourceTask> => numbers(context, { topic, count: 5000, batch: 20 });
    const zombie = start(topic, { services: fromKafka(topic) ?? {}, open });
    await until('some records', async () => (await storedAt(topic)) > 0);
    const successor = start(topic, { services: fromKafka(topic) ?? {}, open });
    await expect(zombie.ended).rejects.toThrow(/Another task has taken over the transactional.id group-fenced-0/);
    await until('the offset', () => successor.offsets.get(numbersPartition)?.['at'] === 5000n, 20_000);
    expect(await committed(topic)).toEqual(upTo(5000));
  });

  test('that is cancelled in the middle of it all leaves nothing half done', async () => {
    const topic = 'abandoned';
    let done = 0;
    while (done < 3000) {
      const task = start(topic, {
        services: fromKafka(topic) ?? {},
        open: (context) => numbers(context, { topic, count: 3000, batch: 50 }),
      });
      await sleep(20 + Math.random() * 60);
      task.runner.cancel();
      await task.ended;
      done = await storedAt(topic);
    }
    expect(await committed(topic)).toEqual(upTo(3000));
  }, 30_000);
});

test('a broker that is away for a while delays transactions and breaks none', async () => {
  const data = mkdtempSync(join(tmpdir(), 'millrace-source-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  let own = await startBroker({ data });
  onTestFinished(() => own.close());
  const task = start('away', {
    broker: own,
    open: (context) => numbers(context, { topic: 'away', count: 5000, batch: 50 }),
  });
  await until('some offset', () => task.offsets.size > 0);
  const { port } = own;
  await own.close();
  await sleep(200);
  own = await startBroker({ data, port });
  await until('the last offset', () => (task.offsets.get(numbersPartition) as OffsetMap)['at'] === 5000n, 20_000);
  await task.stop();
  expect(await committed('away', own)).toEqual(upTo(5000));
});
