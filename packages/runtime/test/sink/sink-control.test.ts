import { RetriableError, type SinkRecord, type SinkTaskContext, type TopicPartitionOffset } from '@millrace/api';
import { createConsumer } from '@millrace/kafka';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Collector, eventually, SinkTest } from './support/sink-test.ts';

type Context = SinkTaskContext<Record<never, never>>;

let sink: SinkTest;
beforeEach(async () => {
  sink = await SinkTest.start();
});
afterEach(() => sink.close());

const id = { topic: 'numbers', partition: 0 };

test('a retriable error brings the same records again, and nothing else meanwhile', async () => {
  await sink.produceNumbers('numbers', 700);
  const tries: (readonly SinkRecord[])[] = [];
  const collector = new Collector();
  let context: Context | undefined;
  const task = sink.start((given) => {
    context = given;
    return {
      put: (records) => {
        if (tries.length < 3 && records.length > 0) {
          tries.push(records);
          context?.retryAfter(20);
          throw new RetriableError('not yet');
        }
        collector.put(records);
      },
    };
  });
  await eventually(() => collector.values.length === 700, 'delivery');
  expect(tries.map((records) => records.length)).toEqual([500, 500, 500]);
  expect(tries[1]).toBe(tries[0]);
  expect(collector.values).toEqual(Array.from({ length: 700 }, (_, number) => String(number)));
  task.stop();
  await task.over;
  expect(await sink.committed()).toEqual({ 'numbers-0': 700 });
});

test('a task that is stopped while records are held commits what it had before', async () => {
  await sink.produceNumbers('numbers', 700);
  const collector = new Collector();
  let refused = 0;
  const task = sink.start(() => ({
    put: (records) => {
      if (collector.values.length === 500 && records.length > 0) {
        refused++;
        throw new RetriableError('never');
      }
      collector.put(records);
    },
  }));
  await eventually(() => refused > 0, 'a refused put');
  task.stop();
  await task.over;
  expect(await sink.committed()).toEqual({ 'numbers-0': 500 });
});

test('another error fails the task with its message, and nothing of that batch is committed', async () => {
  await sink.produceNumbers('numbers', 700);
  const collector = new Collector();
  const task = sink.start(() => ({
    put: (records) => {
      if (collector.values.length === 500 && records.length > 0) throw new Error('disk full');
      collector.put(records);
    },
    close: () => collector.close(),
  }));
  await expect(task.over).rejects.toThrow('Exiting WorkerSinkTask due to unrecoverable exception: disk full');
  expect(task.failure?.cause).toEqual(new Error('disk full'));
  expect(await sink.committed()).toEqual({ 'numbers-0': 500 });
  expect(collector.closed).toBe(1);
});

test('seek brings records again, from the offset that it says', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  let sought = false;
  sink.start((context) => ({
    put: (records) => {
      collector.put(records);
      if (!sought && collector.values.length === 10) {
        sought = true;
        context.seek([{ ...id, offset: 7 }]);
      }
    },
  }));
  await eventually(() => collector.values.length === 13, 'delivery from the offset');
  expect(collector.values.slice(10)).toEqual(['7', '8', '9']);
});

test('seek in partitionsAssigned says where reading begins', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  sink.start((context) => ({
    partitionsAssigned: (partitions) => context.seek(partitions.map((partition) => ({ ...partition, offset: 8 }))),
    put: (records) => collector.put(records),
  }));
  await eventually(() => collector.values.length === 2, 'delivery');
  expect(collector.values).toEqual(['8', '9']);
});

test('a partition that the task has paused stands still until it is resumed', async () => {
  await sink.topic('numbers', 2);
  const collector = new Collector();
  let context: Context | undefined;
  sink.start((given) => {
    context = given;
    return { partitionsAssigned: () => given.pause([id]), put: (records) => collector.put(records) };
  });
  await eventually(() => context?.assignment().length === 2, 'assignment');
  await sink.produceNumbers('numbers', 10, 2);
  await eventually(() => collector.values.length === 5, 'delivery of the other partition');
  expect(collector.values).toEqual(['1', '3', '5', '7', '9']);
  context?.resume([id]);
  await eventually(() => collector.values.length === 10, 'delivery');
  expect(() => context?.pause([{ topic: 'other', partition: 0 }])).toThrow('not currently assigned');
});

test('a requested commit comes at once', async () => {
  await sink.produceNumbers('numbers', 10);
  const task = sink.start((context) => ({
    put: (records) => (records.length > 0 ? context.requestCommit() : undefined),
  }));
  await eventually(async () => (await sink.committed())['numbers-0'] === 10, 'commit');
  await eventually(() => task.counters()['offsetCommitCompletionTotal'] === 1, 'the answer to the commit');
  expect(task.failure).toBeUndefined();
});

test('only what preCommit allows is committed, and what it may not say is passed over', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  const asked: TopicPartitionOffset[] = [];
  const task = sink.start(() => ({
    put: (records) => collector.put(records),
    preCommit: (offsets) => {
      asked.push(...offsets);
      return [
        { ...id, offset: 4 },
        { topic: 'other', partition: 3, offset: 1 },
      ];
    },
  }));
  await eventually(() => collector.values.length === 10, 'delivery');
  task.stop();
  await task.over;
  expect(asked).toEqual([{ ...id, offset: 10 }]);
  expect(await sink.committed()).toEqual({ 'numbers-0': 4 });
  expect(task.log.join('\n')).toContain('Ignoring invalid task provided offset other-3/1 -- partition not assigned');
});

test('an offset beyond what was put is not committed', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  const task = sink.start(() => ({
    put: (records) => collector.put(records),
    preCommit: () => [{ ...id, offset: 99 }],
  }));
  await eventually(() => collector.values.length === 10, 'delivery');
  task.stop();
  await task.over;
  expect(await sink.committed()).toEqual({});
  expect(task.log.join('\n')).toContain('not yet consumed');
});

test('when preCommit fails, the task gets everything since the last commit again', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  let failing = true;
  const task = sink.start(
    () => ({
      put: (records) => collector.put(records),
      flush: () => {
        if (failing && collector.values.length === 10) {
          failing = false;
          throw new Error('target is away');
        }
      },
    }),
    { settings: { offsetFlushIntervalMs: 100 } },
  );
  await eventually(() => collector.values.length === 20, 'redelivery');
  expect(collector.values.slice(10)).toEqual(collector.values.slice(0, 10));
  await eventually(async () => (await sink.committed())['numbers-0'] === 10, 'commit');
  expect(task.log.join('\n')).toContain('rewinding to last committed offsets: target is away');
});

test('a sink that writes beside its puts is flushed before the commit', async () => {
  await sink.produceNumbers('numbers', 2000);
  let safe = 0;
  const writing: Promise<void>[] = [];
  const task = sink.start(() => ({
    put: (records) => {
      const written = new Promise((resolve) => setTimeout(resolve, 5));
      writing.push(
        written.then(() => {
          safe += records.length;
        }),
      );
    },
    flush: async () => {
      await Promise.all(writing);
    },
  }));
  await eventually(() => task.counters()['sinkRecordSendTotal'] === 2000, 'delivery');
  task.stop();
  await task.over;
  expect(safe).toBe(2000);
  expect(await sink.committed()).toEqual({ 'numbers-0': 2000 });
});

test('a paused connector reads nothing and commits what it has; resumed, it goes on', async () => {
  await sink.produceNumbers('numbers', 10);
  const collector = new Collector();
  const task = sink.start(() => collector);
  await eventually(() => collector.values.length === 10, 'delivery');
  task.pause();
  await eventually(() => task.states.at(-1) === 'paused', 'the pause');
  await eventually(async () => (await sink.committed())['numbers-0'] === 10, 'commit');
  await sink.produce('numbers', 'later');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(collector.values.length).toBe(10);
  task.resume();
  await eventually(() => collector.values.length === 11, 'delivery');
  expect(task.states).toEqual(['running', 'paused', 'running']);
});

test('a task that starts paused opens nothing before it is resumed', async () => {
  await sink.produce('numbers', 'a');
  const collector = new Collector();
  let opened = 0;
  const task = sink.start(
    () => {
      opened++;
      return collector;
    },
    { targetState: 'paused' },
  );
  expect(task.states).toEqual(['paused']);
  expect(opened).toBe(0);
  task.resume();
  await eventually(() => collector.values.length === 1, 'delivery');
  expect(task.states).toEqual(['paused', 'running']);
});

test('a task that is stopped while it is paused ends', async () => {
  const task = sink.start(() => new Collector(), { targetState: 'paused' });
  task.stop();
  await task.over;
  expect(task.states).toEqual(['paused']);
});

test('stop waits for the put under way, then flushes, commits and closes once', async () => {
  await sink.produceNumbers('numbers', 10);
  const events: string[] = [];
  let release: () => void = () => undefined;
  const task = sink.start((context) => ({
    put: async (records) => {
      if (records.length === 0) return;
      events.push('put');
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      events.push(`done ${context.signal.aborted}`);
    },
    preCommit: (offsets) => {
      events.push('preCommit');
      return offsets;
    },
    partitionsRevoked: (_, lost) => void events.push(`revoked ${lost}`),
    close: () => void events.push('close'),
  }));
  await eventually(() => events.length === 1, 'the put');
  task.stop();
  task.stop();
  setTimeout(() => release(), 20);
  await task.over;
  expect(events).toEqual(['put', 'done false', 'preCommit', 'revoked false', 'close']);
  expect(await sink.committed()).toEqual({ 'numbers-0': 10 });
});

test('a task that stops waits for a commit that hangs no longer than the flush may take, and commits all the same', async () => {
  await sink.produceNumbers('numbers', 10);
  let commits = 0;
  const task = sink.start(() => new Collector(), {
    settings: { offsetFlushIntervalMs: 20, offsetFlushTimeoutMs: 300 },
    clients: {
      consumer: (options) => {
        const consumer = createConsumer(options);
        const commit = consumer.commit.bind(consumer);
        consumer.commit = (offsets) => (commits++ === 0 ? new Promise<void>(() => undefined) : commit(offsets));
        return consumer;
      },
    },
  });
  await eventually(() => commits === 1, 'the commit that hangs');
  const started = Date.now();
  task.stop();
  await task.over;
  expect(Date.now() - started).toBeLessThan(3_000);
  expect(await sink.committed()).toEqual({ 'numbers-0': 10 });
});

test('a cancelled task ends at once, though its put hangs, and commits nothing', async () => {
  await sink.produceNumbers('numbers', 700);
  const collector = new Collector();
  let hanging: (() => void) | undefined;
  let flushed = 0;
  const task = sink.start(() => ({
    put: async (records) => {
      if (collector.values.length === 500 && records.length > 0)
        await new Promise<void>((resolve) => {
          hanging = resolve;
        });
      collector.put(records);
    },
    flush: () => void flushed++,
  }));
  await eventually(() => hanging !== undefined, 'the put that hangs');
  task.cancel();
  await task.over;
  hanging?.();
  await eventually(() => collector.values.length === 700, 'the end of the put');
  expect(flushed).toBe(0);
  expect(await sink.committed()).toEqual({});
});

test('a task that cannot be opened fails with the reason, and closes what there is', async () => {
  const closed: string[] = [];
  const keyConverter = {
    encode: () => false,
    decode: () => ({ schema: null, value: null }),
    close: () => void closed.push('key'),
  };
  const task = sink.start(
    () => {
      throw new Error('no such host');
    },
    { parts: { keyConverter } },
  );
  await expect(task.over).rejects.toThrow('no such host');
  expect(closed).toEqual(['key']);
});
