import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError, Headers, type OffsetMap, RetriableError, SourceRecord, type SourceTask } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createStringConverter } from '@millrace/converters';
import { createAdmin, createProducer } from '@millrace/kafka';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
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
const values = async (topic: string): Promise<(string | null)[]> =>
  (await readTopic(broker, topic)).map(({ value }) => value);

async function createTopic(name: string, partitions: number): Promise<void> {
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  await admin.createTopics([{ name, partitions }]);
  await admin.close();
}

describe('records', () => {
  test('arrive in order, and their offset is committed behind them', async () => {
    const told: string[] = [];
    let commits = 0;
    const task = startTask({
      broker,
      open: (context) =>
        numbers(context, {
          topic: 'order',
          count: 5000,
          task: {
            committed: (records, metadata) => {
              expect(metadata.map((each) => each?.offset)).toEqual(records.map(({ value }) => Number(value)));
              told.push(...records.map(({ value }) => value as string));
            },
            commit: () => {
              commits++;
            },
          },
        }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 5000n);
    await task.stop();
    expect(await values('order')).toEqual(upTo(5000));
    expect(told).toEqual(upTo(5000));
    expect(commits).toBeGreaterThan(0);
    expect(task.topics).toEqual(['order']);
    expect(task.states).toEqual(['running']);
    expect(task.runner.metrics?.()).toMatchObject({
      'source-task-metrics': { sourceRecordPollTotal: 5000, sourceRecordWriteTotal: 5000, sourceRecordActiveCount: 0 },
      'connector-task-metrics': { offsetCommitFailures: 0, batchSizeMax: 100 },
    });
  });

  test('go on behind the stored offset', async () => {
    const task = startTask({
      broker,
      open: (context) => numbers(context, { topic: 'continued', count: 30 }),
      services: { readOffsets: async () => [{ at: 20 }] },
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 30n);
    expect(await values('continued')).toEqual(upTo(30).slice(20));
  });

  test('have key, headers, timestamp and partition', async () => {
    await createTopic('parts', 8);
    const task = startTask({
      broker,
      open: (context) =>
        numbers(context, {
          topic: 'parts',
          count: 40,
          record: (index) => ({
            key: index < 20 ? `k${index}` : null,
            headers: Headers.of([{ key: 'h', value: index, schema: null }]),
            timestamp: index === 0 ? null : index,
            partition: index >= 30 ? 5 : null,
          }),
        }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 40n);
    const found = await readTopic(broker, 'parts');
    expect(found).toHaveLength(40);
    const producer = createProducer({ settings: { 'bootstrap.servers': broker.bootstrap } });
    onTestFinished(() => producer.close());
    await producer.loadTopic('parts');
    const sorted = found.toSorted((one, other) => Number(one.value) - Number(other.value));
    expect(sorted.map(({ headers }) => headers['h'])).toEqual(upTo(40));
    expect(sorted.map(({ key }) => key)).toEqual(upTo(40).map((text) => (Number(text) < 20 ? `k${text}` : null)));
    expect(sorted.slice(0, 20).map(({ partition }) => partition)).toEqual(
      upTo(20).map((text) => producer.partitionFor('parts', Buffer.from(`k${text}`))),
    );
    expect(sorted.slice(30).every(({ partition }) => partition === 5)).toBe(true);
    expect(Math.abs(Date.now() - (sorted[0]?.timestamp ?? 0))).toBeLessThan(60_000);
    expect(sorted.slice(1).map(({ timestamp }) => `${timestamp}`)).toEqual(upTo(40).slice(1));
  });

  test('that a transform drops let their offset advance, and committed hears of them', async () => {
    const told: (string | null)[] = [];
    const task = startTask({
      broker,
      stages: [{ name: 'odd', transform: { apply: (record) => (Number(record.value) % 2 === 0 ? null : record) } }],
      open: (context) =>
        numbers(context, {
          topic: 'filtered',
          count: 11,
          batch: 3,
          task: {
            committed: (records, metadata) => {
              for (const [index, { value }] of records.entries())
                if (metadata[index] === null) told.push(value as string);
            },
          },
        }),
    });
    await until('the offset of a dropped record', () => task.offsets.get(numbersPartition)?.['at'] === 11n);
    expect(await values('filtered')).toEqual(['1', '3', '5', '7', '9']);
    expect(told).toEqual(['0', '2', '4', '6', '8', '10']);
  });

  test('of partitions that are not interned are kept apart by meaning', async () => {
    let polled = false;
    const task = startTask({
      broker,
      open: () => ({
        poll: async () => {
          if (polled) return null;
          polled = true;
          return Array.from(
            { length: 20 },
            (_, index) =>
              new SourceRecord<OffsetMap, OffsetMap>({
                topic: 'meant',
                value: `${index}`,
                sourcePartition: index % 4 < 2 ? { a: 'x', b: index % 2 } : { b: BigInt(index % 2), a: 'x' },
                sourceOffset: { at: index },
              }),
          );
        },
      }),
    });
    await until('both offsets', () => task.offsets.size === 2);
    expect(new Map(task.offsets)).toEqual(
      new Map([
        [textOf({ a: 'x', b: 0 }), { at: 18 }],
        [textOf({ a: 'x', b: 1 }), { at: 19 }],
      ]),
    );
  });

  test('of 200,000 numbers are there exactly once', async () => {
    const count = 200_000;
    const task = startTask({
      broker,
      settings: { bufferBytes: 1 << 20 },
      open: (context) => numbers(context, { topic: 'many', count, batch: 2000 }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === BigInt(count), 25_000);
    expect((await values('many')).every((value, index) => value === String(index))).toBe(true);
    expect(await values('many')).toHaveLength(count);
  });
});

describe('poison', () => {
  const error = (): Error => new DataError('poison');
  const isPoison = (text: string): boolean => text.endsWith('3');
  const stages = {
    transform: { stages: [{ name: 'bad', transform: { apply: failing } }] },
    key: { keyConverter: poisoned(isPoison, error) },
    value: { valueConverter: poisoned(isPoison, error) },
  };
  function failing<R extends { readonly value: unknown }>(record: R): R {
    if (isPoison(String(record.value))) throw error();
    return record;
  }

  for (const [stage, setup] of Object.entries(stages)) {
    test(`at the ${stage} is skipped where it is tolerated, with a dead letter before the offset`, async () => {
      const topic = `tolerated-${stage}`;
      const task = startTask({
        broker,
        ...setup,
        config: {
          'errors.tolerance': 'all',
          'errors.deadletterqueue.topic.name': `${topic}-letters`,
          'errors.deadletterqueue.topic.replication.factor': '1',
        },
        open: (context) => numbers(context, { topic, count: 25, record: (index) => ({ key: `k${index}` }) }),
      });
      await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 25n);
      expect(await values(topic)).toEqual(upTo(25).filter((text) => !isPoison(text)));
      expect((await values(`${topic}-letters`)).length).toBe(3);
      expect(task.runner.metrics?.()['task-error-metrics']).toMatchObject({ recordsSkipped: 3 });
    });

    test(`at the ${stage} fails the task where it is not, and what came before is committed`, async () => {
      const topic = `failed-${stage}`;
      const task = startTask({
        broker,
        ...setup,
        open: (context) => numbers(context, { topic, count: 25, batch: 2, record: (index) => ({ key: `k${index}` }) }),
      });
      const converter = stage === 'transform' ? 'Transform-bad' : stage === 'key' ? 'KeyConverter' : 'ValueConverter';
      await expect(task.ended).rejects.toThrow(
        new RegExp(
          `stage ${stage === 'transform' ? 'TRANSFORMATION' : `${stage.toUpperCase()}_CONVERTER`} in ${converter}.*poison`,
        ),
      );
      expect(await values(topic)).toEqual(stage === 'transform' ? ['0', '1'] : ['0', '1', '2']);
      expect(task.offsets.get(numbersPartition)).toEqual({ at: stage === 'transform' ? 2n : 3n });
    });
  }

  test('in the middle of a batch lets nothing before it be read again, in any partition', async () => {
    const partitions = [0, 1].map((number) => ({ from: `half-${number}` }));
    const run = (poison: string, services?: TaskSetup['services']): RunningTask =>
      startTask({
        broker,
        services: services ?? {},
        valueConverter: poisoned(
          (text) => text === poison,
          () => new DataError('poison'),
        ),
        // Even numbers come from one partition, odd numbers from the other one.
        open: async ({ offsets }) => {
          const stored = await Promise.all(partitions.map((each) => offsets.get(offsets.partition(each))));
          const from = stored.map((offset) => Number((offset?.['at'] as bigint | undefined) ?? 0n));
          let polls = 0;
          return {
            poll: async () =>
              polls++ > 0
                ? null
                : upTo(10)
                    .filter((text) => Number(text) >= (from[Number(text) % 2] as number))
                    .map(
                      (value) =>
                        new SourceRecord<OffsetMap, OffsetMap>({
                          topic: 'halves',
                          value,
                          sourcePartition: partitions[Number(value) % 2] as OffsetMap,
                          sourceOffset: { at: BigInt(value) + 1n },
                        }),
                    ),
          };
        },
      });
    const failed = run('5');
    await expect(failed.ended).rejects.toThrow(/poison/);
    expect(partitions.map((each) => failed.offsets.get(textOf(each))?.['at'])).toEqual([5n, 4n]);
    const again = run('none', {
      readOffsets: async (asked) => asked.map((partition) => failed.offsets.get(textOf(partition)) ?? null),
    });
    await until('the last offset', () => again.offsets.get(textOf({ from: 'half-1' }))?.['at'] === 10n);
    expect(await values('halves')).toEqual(upTo(10));
  });

  test('that is retried while the task is stopped lets nothing before it be read again', async () => {
    let retries = 0;
    const task = startTask({
      broker,
      config: { 'errors.retry.timeout': '-1' },
      valueConverter: poisoned(
        (text) => text === '5' && ++retries > 0,
        () => new RetriableError('later'),
      ),
      open: (context) => numbers(context, { topic: 'retried-half', count: 10 }),
    });
    await until('the back-off', () => retries > 0);
    await task.stop();
    expect(await values('retried-half')).toEqual(upTo(5));
    expect(task.offsets.get(numbersPartition)).toEqual({ at: 5n });
  });

  test('that is retriable is tried again until it works', async () => {
    let failures = 2;
    const task = startTask({
      broker,
      config: { 'errors.retry.timeout': '10000', 'errors.retry.delay.max.ms': '10' },
      valueConverter: poisoned(
        (text) => text === '5' && failures-- > 0,
        () => new RetriableError('not yet'),
      ),
      open: (context) => numbers(context, { topic: 'retried', count: 10 }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 10n);
    expect(await values('retried')).toEqual(upTo(10));
    expect(task.runner.metrics?.()['task-error-metrics']).toMatchObject({ retries: 2 });
  });

  test('that names a partition the topic does not have, or a time before 1970, says so', async () => {
    await createTopic('two', 2);
    const misplaced = startTask({
      broker,
      open: (context) => numbers(context, { topic: 'two', count: 1, record: () => ({ partition: 7 }) }),
    });
    await expect(misplaced.ended).rejects.toThrow(/names partition 7, and the topic has 2/);
    const early = startTask({
      broker,
      open: (context) => numbers(context, { topic: 'two', count: 1, record: () => ({ timestamp: -2 }) }),
    });
    await expect(early.ended).rejects.toThrow(/timestamp -2/);
  });

  test('that is too large for Kafka is skipped where it is tolerated', async () => {
    const told: (number | undefined)[] = [];
    const task = startTask({
      broker,
      config: { 'errors.tolerance': 'all' },
      producer: { 'max.request.size': 1000 },
      open: (context) =>
        numbers(context, {
          topic: 'large',
          count: 5,
          record: (index) => (index === 2 ? { value: 'x'.repeat(2000) } : {}),
          task: { committed: (_, metadata) => void told.push(...metadata.map((each) => each?.offset)) },
        }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 5n);
    expect(await values('large')).toEqual(['0', '1', '3', '4']);
    expect(told).toEqual([0, 1, undefined, 2, 3]);
  });
});

describe('a failed delivery', () => {
  /** The broker refuses records above the limit of this topic; the producer would send them. */
  async function limitedTopic(name: string): Promise<void> {
    const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
    await admin.createTopics([{ name, partitions: 1, configs: { 'max.message.bytes': '1000' } }]);
    await admin.close();
  }
  const large = (index: number): { value?: string } => (index === 25 ? { value: 'x'.repeat(3000) } : {});

  test('fails the task, and neither its offset nor one behind it is committed', async () => {
    await limitedTopic('limited');
    const task = startTask({
      broker,
      open: (context) => numbers(context, { topic: 'limited', count: 100, batch: 10, record: large }),
    });
    await expect(task.ended).rejects.toThrow(/KAFKA_PRODUCE.*MESSAGE_TOO_LARGE|KAFKA_PRODUCE.*RECORD_TOO_LARGE/);
    expect(task.offsets.get(numbersPartition)).toEqual({ at: 20n });
  });

  test('is noticed while the source waits in poll', async () => {
    await limitedTopic('limited-waiting');
    let polls = 0;
    const task = startTask({
      broker,
      open: ({ signal }) => ({
        poll: async () => {
          if (polls++ > 0) await sleep(60_000, undefined, { signal });
          return [new SourceRecord({ topic: 'limited-waiting', value: 'x'.repeat(3000) })];
        },
      }),
    });
    await expect(task.ended).rejects.toThrow(/KAFKA_PRODUCE/);
  });

  test('is a dead letter where it is tolerated, and the task goes on', async () => {
    await limitedTopic('limited-tolerated');
    const task = startTask({
      broker,
      config: {
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': 'limited-letters',
        'errors.deadletterqueue.topic.replication.factor': '1',
      },
      open: (context) => numbers(context, { topic: 'limited-tolerated', count: 100, batch: 10, record: large }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 100n);
    expect(await values('limited-tolerated')).toEqual(upTo(100).filter((text) => text !== '25'));
    expect(await values('limited-letters')).toHaveLength(1);
  });
});

describe('offsets wait', () => {
  test('for dead letters: one that cannot be written fails the task, and its offset is not committed', async () => {
    const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
    onTestFinished(() => admin.close());
    await admin.createTopics([{ name: 'narrow-letters', partitions: 1, configs: { 'max.message.bytes': '100' } }]);
    const task = startTask({
      broker,
      config: { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'narrow-letters' },
      valueConverter: poisoned(
        (text) => text === '25',
        () => new DataError('poison'),
      ),
      open: (context) => numbers(context, { topic: 'narrow', count: 1000, batch: 10 }),
    });
    await expect(task.ended).rejects.toThrow(/dead letter could not be written to topic 'narrow-letters'/);
    expect(task.offsets.get(numbersPartition)).toEqual({ at: 20n });
  });

  test('for a broker that is away, and a stop gives up after the flush timeout', async () => {
    const own = await startBroker();
    const task = startTask({
      broker: own,
      settings: { offsetFlushTimeoutMs: 200, bufferBytes: 20_000 },
      open: (context) => numbers(context, { topic: 'gone', count: 1_000_000, batch: 10 }),
    });
    await until('some offset', () => task.offsets.size > 0);
    await own.close();
    const polled = (): number | undefined => task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal'];
    let before: number | undefined;
    await until('back-pressure', async () => {
      before = polled();
      await sleep(50);
      return polled() === before;
    });
    await task.stop();
    expect(task.log.some((line) => line.includes('offset.flush.timeout.ms (200)'))).toBe(true);
    expect(Number(task.offsets.get(numbersPartition)?.['at'])).toBeLessThan(polled() as number);
  });
});

describe('converters', () => {
  test('see each record once, also where the key decides the partition', async () => {
    await createTopic('once', 4);
    const strings = createStringConverter({ part: 'key' });
    const seen: unknown[] = [];
    const task = startTask({
      broker,
      keyConverter: {
        ...strings,
        encode: (topic, schema, value, writer, context) => {
          seen.push(value);
          return strings.encode(topic, schema, value, writer, context);
        },
      },
      open: (context) =>
        numbers(context, {
          topic: 'once',
          count: 10,
          record: (index) => ({ key: index % 2 === 0 ? `${index}` : null }),
        }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 10n);
    expect(seen).toEqual(upTo(10).map((text) => (Number(text) % 2 === 0 ? text : null)));
  });

  test('that cannot reach what they ask for are asked again', async () => {
    let asked = 0;
    const strings = createStringConverter();
    const task = startTask({
      broker,
      valueConverter: {
        ...strings,
        prepareEncode: async (records) => {
          if (asked++ === 0) throw new RetriableError('the registry is away');
          return records.length;
        },
        encode: (topic, schema, value, writer, context) =>
          strings.encode(topic, schema, `${value as string} of ${context as number}`, writer, undefined),
      },
      open: (context) => numbers(context, { topic: 'asked', count: 2 }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 2n);
    expect(await values('asked')).toEqual(['0 of 2', '1 of 2']);
    expect(task.log.filter((line) => line.includes('the registry is away'))).toHaveLength(1);
  });
});

describe('polling', () => {
  test('is tried again after a retriable error and fails the task after another one', async () => {
    let polls = 0;
    let closed = 0;
    const task = startTask({
      broker,
      open: () => ({
        poll: async () => {
          if (polls++ === 0) throw new RetriableError('gone for a moment');
          throw new Error('gone for good');
        },
        close: () => {
          closed++;
        },
      }),
    });
    await expect(task.ended).rejects.toThrow('gone for good');
    expect(task.log.filter((line) => line.includes('gone for a moment'))).toHaveLength(1);
    expect(closed).toBe(1);
  });

  test('without end leaves timers and sockets their turn', async () => {
    let polls = 0;
    const poll = async (): Promise<null> => {
      polls++;
      return null;
    };
    const task = startTask({ broker, open: () => ({ poll }) });
    await until('a second poll', () => polls > 5);
    await sleep(10);
    expect(polls).toBeLessThan(1000);
    await task.stop();
  });

  test('stands still while the broker does, and nothing is lost', async () => {
    const data = mkdtempSync(join(tmpdir(), 'millrace-source-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    let own = await startBroker({ data });
    onTestFinished(() => own.close());
    let polled = 0;
    const task = startTask({
      broker: own,
      settings: { bufferBytes: 50_000 },
      open: (context) =>
        numbers(context, {
          topic: 'restarted',
          count: 20_000,
          batch: 50,
          record: (index) => {
            polled = index;
            return {};
          },
        }),
    });
    await until('some offset', () => task.offsets.size > 0);
    const { port } = own;
    await own.close();
    await sleep(300);
    const stuckAt = polled;
    await sleep(200);
    expect(polled).toBe(stuckAt);
    expect(polled).toBeLessThan(19_000);
    own = await startBroker({ data, port });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 20_000n, 20_000);
    await task.stop();
    const found = await readTopic(own, 'restarted');
    expect(found.map(({ value }) => value)).toEqual(upTo(20_000));
  });
});

test('a topic that vanishes stops neither the task nor its offsets', async () => {
  const task = startTask({
    broker,
    open: (context) => numbers(context, { topic: 'vanishing', count: 200_000, batch: 500 }),
  });
  await until('some offset', () => task.offsets.size > 0);
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => admin.close());
  await admin.deleteTopics(['vanishing']);
  await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 200_000n, 20_000);
  await task.stop();
  const found = await values('vanishing');
  // What was acknowledged before the deletion went with the topic; everything behind it is there.
  expect(found).toEqual(upTo(200_000).slice(200_000 - found.length));
  expect(found.length).toBeGreaterThan(0);
});

describe('a task', () => {
  test('that is paused rests, and goes on when it is resumed', async () => {
    const task = startTask({
      broker,
      targetState: 'paused',
      open: (context) => numbers(context, { topic: 'paused', count: 1_000_000, batch: 5 }),
    });
    await until('rest', () => task.states.length === 1);
    expect(task.states).toEqual(['paused']);
    task.runner.resume();
    await until('records', () => task.offsets.size > 0);
    task.runner.pause();
    await until('rest', () => task.states.length === 3);
    expect(task.states).toEqual(['paused', 'running', 'paused']);
    const before = task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal'];
    await sleep(30);
    expect(task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal']).toBe(before);
    await task.stop();
  });

  test('that is stopped while it polls ends its poll, and commits what is under way', async () => {
    let polls = 0;
    let closed = 0;
    const task = startTask({
      broker,
      settings: { offsetFlushIntervalMs: 60_000 },
      open: ({ signal, offsets }) => {
        const partition = offsets.partition({ from: 'numbers' });
        return {
          poll: async () => {
            if (polls++ > 0) await sleep(60_000, undefined, { signal });
            return [
              new SourceRecord({ topic: 'stopped', value: 'v', sourcePartition: partition, sourceOffset: { at: 1n } }),
            ];
          },
          close: () => {
            closed++;
          },
        };
      },
    });
    await until('the second poll', () => polls === 2);
    await task.stop();
    expect(task.offsets.get(numbersPartition)).toEqual({ at: 1n });
    expect(closed).toBe(1);
  });

  test('that is cancelled ends at once and commits nothing', async () => {
    const polling = Promise.withResolvers<null>();
    let polls = 0;
    const task = startTask({
      broker,
      settings: { offsetFlushIntervalMs: 60_000 },
      open: () => ({
        poll: () => {
          const record = { topic: 'cancelled', value: 'v', sourcePartition: { from: 'x' }, sourceOffset: { at: 1n } };
          return polls++ > 0 ? polling.promise : Promise.resolve([new SourceRecord<OffsetMap, OffsetMap>(record)]);
        },
      }),
    });
    await until('the second poll', () => polls === 2);
    task.runner.cancel();
    await task.ended;
    polling.resolve(null);
    await sleep(20);
    expect(task.commits).toEqual([]);
  });

  test('merges offsets that could not be written with newer ones', async () => {
    let failures = 2;
    const written: OffsetMap[] = [];
    const task = startTask({
      broker,
      services: {
        writeOffsets: async (entries) => {
          if (failures-- > 0) throw new Error('the offsets topic is away');
          written.push(...entries.map(({ offset }) => offset as OffsetMap));
        },
      },
      open: (context) => numbers(context, { topic: 'merged', count: 10 }),
    });
    await until('a commit', () => written.length > 0);
    await task.stop();
    expect(written).toEqual([{ at: 10n }]);
    expect(task.log.filter((line) => line.includes('the offsets topic is away'))).toHaveLength(2);
    expect(task.runner.metrics?.()['connector-task-metrics']).toMatchObject({ offsetCommitFailures: 2 });
  });

  test('is not disturbed by errors of its callbacks', async () => {
    const broken = (): never => {
      throw new Error('in a callback');
    };
    const callbacks: Partial<SourceTask> = { commit: broken, committed: broken, close: broken };
    const task = startTask({
      broker,
      open: (context) => numbers(context, { topic: 'callbacks', count: 10, task: callbacks }),
    });
    await until('the last offset', () => task.offsets.get(numbersPartition)?.['at'] === 10n);
    await task.stop();
    expect(task.log.some((line) => line.includes('threw in committed()'))).toBe(true);
    expect(task.log.some((line) => line.includes('threw in commit()'))).toBe(true);
  });
});
