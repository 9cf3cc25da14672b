import { type Converter, DataError, RetriableError, type SinkRecord, type SinkTaskContext } from '@millrace/api';
import { createSimpleHeaderConverter, createStringConverter } from '@millrace/converters';
import { createConsumer, createProducer, createReader } from '@millrace/kafka';
import { createTransformChain, type TransformChain } from '@millrace/transforms';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TaskParts } from '../../src/task/task-runner.ts';
import { Collector, eventually, SinkTest } from './support/sink-test.ts';

let sink: SinkTest;
beforeEach(async () => {
  sink = await SinkTest.start();
});
afterEach(() => sink.close());

const tolerant = {
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': 'dlq',
  'errors.deadletterqueue.topic.replication.factor': '1',
  'errors.deadletterqueue.context.headers.enable': 'true',
};

interface Letter {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Record<string, string>;
}

async function letters(): Promise<Letter[]> {
  const settings = { 'bootstrap.servers': sink.broker.bootstrap, 'auto.offset.reset': 'earliest' };
  const reader = createReader({ settings });
  const found: Letter[] = [];
  reader.assign([{ topic: 'dlq', partition: 0 }]);
  await reader.readToEnd((records) => {
    while (records.next()) {
      const { record } = records;
      const text = (start: number, end: number) => (start < 0 ? null : record.buffer.toString('utf8', start, end));
      const headers: Record<string, string> = {};
      while (record.nextHeader()) {
        const name = text(record.headerNameStart, record.headerNameEnd) as string;
        headers[name] = text(record.headerValueStart, record.headerValueEnd) as string;
      }
      const { keyStart, keyEnd, valueStart, valueEnd } = record;
      found.push({ key: text(keyStart, keyEnd), value: text(valueStart, valueEnd), headers });
    }
  });
  await reader.close();
  return found;
}

/** A converter of texts that refuses those with `bad` in them. */
function picky(): Converter {
  const text = createStringConverter();
  return {
    ...text,
    decode: (topic, bytes, start, end, context) => {
      const decoded = text.decode(topic, bytes, start, end, context);
      if (String(decoded.value).includes('bad')) throw new DataError('bad text');
      return decoded;
    },
  };
}

function pickyChain(): TransformChain {
  const apply = <R extends { readonly value: unknown }>(record: R): R => {
    if (String(record.value).includes('bad')) throw new DataError('bad text');
    return record;
  };
  return createTransformChain([{ name: 'picky', transform: { apply } }]);
}

const headerConverter: TaskParts['headerConverter'] = {
  ...createSimpleHeaderConverter(),
  decode: (_topic, _key, bytes, start, end) => {
    const text = bytes === null ? null : Buffer.from(bytes.subarray(start, end)).toString();
    if (text === 'bad') throw new DataError('bad text');
    return { schema: null, value: text };
  },
};

const stages: [stage: string, className: string, parts: () => Partial<TaskParts>][] = [
  ['KEY_CONVERTER', 'TestKeyConverter', () => ({ keyConverter: picky() })],
  ['VALUE_CONVERTER', 'TestValueConverter', () => ({ valueConverter: picky() })],
  ['HEADER_CONVERTER', 'TestHeaderConverter', () => ({ headerConverter })],
  ['TRANSFORMATION', 'TestPicky', () => ({ chain: pickyChain() })],
];
const transforms = [
  { alias: 'picky', plugin: { className: 'TestPicky', version: '1', module: '', exportName: '' }, config: {} },
];
const bad = { key: Buffer.from('bad'), value: Buffer.from('bad'), headers: [{ name: 'h', value: Buffer.from('bad') }] };

for (const [stage, className, parts] of stages) {
  test(`${stage}: a poison record goes to the dead letter queue as it was, the others are put, offsets move`, async () => {
    await sink.produce('numbers', 'a', bad, 'b', bad, bad, 'c');
    const collector = new Collector();
    const task = sink.start(() => collector, { config: tolerant, parts: parts(), transforms });
    await eventually(() => collector.values.length === 3, 'delivery');
    task.stop();
    await task.over;
    expect(collector.values).toEqual(['a', 'b', 'c']);
    expect(await sink.committed()).toEqual({ 'numbers-0': 6 });
    const written = await letters();
    expect(written.map(({ headers }) => headers['__connect.errors.offset'])).toEqual(['1', '3', '4']);
    expect(written[0]).toMatchObject({
      key: 'bad',
      value: 'bad',
      headers: {
        h: 'bad',
        '__connect.errors.topic': 'numbers',
        '__connect.errors.stage': stage,
        '__connect.errors.class.name': className,
        '__connect.errors.exception.message': 'bad text',
      },
    });
  });

  test(`${stage}: without tolerance a poison record fails the task at its place, and nothing is committed`, async () => {
    await sink.produce('numbers', 'a', bad, 'b');
    const collector = new Collector();
    const task = sink.start(() => collector, { parts: parts(), transforms });
    await expect(task.over).rejects.toThrow(
      `Tolerance exceeded in error handler: task sink-0 failed at stage ${stage} in ${className}, record with topic='numbers', partition=0, offset=1`,
    );
    expect(collector.values).toEqual([]);
    expect(await sink.committed()).toEqual({});
  });
}

test('a batch of nothing but poison is passed over, and its offsets are committed', async () => {
  await sink.produceNumbers('numbers', 5000);
  const decode = () => {
    throw new DataError('bad');
  };
  const task = sink.start(() => new Collector(), {
    config: { 'errors.tolerance': 'all' },
    parts: { valueConverter: { encode: () => false, decode } },
    settings: { offsetFlushIntervalMs: 50 },
  });
  await eventually(async () => (await sink.committed())['numbers-0'] === 5000, 'commit');
  expect(task.counters()).toMatchObject({ recordsSkipped: 5000 });
});

test('a converter that fails for a moment is called again, for the part that failed only', async () => {
  await sink.produce('numbers', 'a', 'b');
  const calls: string[] = [];
  const text = createStringConverter();
  const counting = (part: string, failing: boolean): Converter => ({
    ...text,
    decode: (topic, bytes, start, end, context) => {
      const decoded = text.decode(topic, bytes, start, end, context);
      calls.push(part);
      if (failing && calls.length === 2) throw new RetriableError('not yet');
      return decoded;
    },
  });
  const collector = new Collector();
  sink.start(() => collector, {
    config: { 'errors.retry.timeout': '10000' },
    parts: { keyConverter: counting('key', false), valueConverter: counting('value', true) },
  });
  await eventually(() => collector.values.length === 2, 'delivery');
  expect(collector.values).toEqual(['a', 'b']);
  expect(calls).toEqual(['key', 'value', 'value', 'key', 'value']);
});

test('a task that waits for a back-off stops at once', async () => {
  await sink.produce('numbers', 'a');
  let called = false;
  const decode = () => {
    called = true;
    throw new RetriableError('never');
  };
  const task = sink.start(() => new Collector(), {
    config: { 'errors.retry.timeout': '-1' },
    parts: { valueConverter: { encode: () => false, decode } },
  });
  await eventually(() => called, 'the call');
  task.stop();
  await task.over;
  expect(await sink.committed()).toEqual({});
});

test('a reported record is in the dead letter queue before its offset is committed', async () => {
  await sink.produce('numbers', 'a', bad, 'b');
  const task = sink.start(
    (context) => ({
      put: (records) => {
        for (const record of records) {
          if (record.value === 'bad') void context.reportErrant?.(record, new Error('refused'));
        }
      },
    }),
    { config: tolerant },
  );
  await eventually(() => task.counters()['sinkRecordSendTotal'] === 3, 'delivery');
  task.stop();
  await task.over;
  expect(await sink.committed()).toEqual({ 'numbers-0': 3 });
  const [letter] = await letters();
  expect(letter).toMatchObject({ key: 'bad', value: 'bad', headers: { h: 'bad' } });
  expect(letter?.headers).toMatchObject({
    '__connect.errors.stage': 'TASK_PUT',
    '__connect.errors.class.name': 'org.apache.kafka.connect.sink.SinkTask',
    '__connect.errors.offset': '1',
  });
});

for (const moment of ['flush', 'partitionsRevoked'] as const) {
  test(`what is reported in ${moment} is in the dead letter queue before an offset is committed`, async () => {
    await sink.produce('numbers', 'a');
    const events: string[] = [];
    const task = sink.start(
      (context) => {
        let put: SinkRecord | undefined;
        const report = (): void => {
          if (put === undefined) return;
          void context.reportErrant?.(put, new Error('late')).then(() => events.push('letter'));
          put = undefined;
        };
        return {
          put: (records) => {
            put ??= records[0];
          },
          [moment]: report,
        };
      },
      {
        config: tolerant,
        settings: { offsetFlushIntervalMs: moment === 'flush' ? 20 : 60_000 },
        clients: {
          producer: (options) => createProducer({ ...options, settings: { ...options.settings, 'linger.ms': 300 } }),
          consumer: (options) => {
            const consumer = createConsumer(options);
            const commit = consumer.commit.bind(consumer);
            consumer.commit = (offsets) => {
              events.push('commit');
              return commit(offsets);
            };
            return consumer;
          },
        },
      },
    );
    await eventually(() => task.counters()['sinkRecordSendTotal'] === 1, 'delivery');
    if (moment === 'flush') await eventually(() => events.includes('commit'), 'commit');
    task.stop();
    await task.over;
    expect(events).toEqual(['letter', 'commit']);
    expect(await sink.committed()).toEqual({ 'numbers-0': 1 });
  });
}

test('a record that is reported later, or was made by the task, is written anew by the converters', async () => {
  await sink.produce('numbers', bad);
  let context: SinkTaskContext<Record<never, never>> | undefined;
  const collector = new Collector();
  sink.start(
    (given) => {
      context = given;
      return collector;
    },
    { config: tolerant },
  );
  await eventually(() => collector.records.length === 1, 'delivery');
  const [record] = collector.records as [SinkRecord];
  await context?.reportErrant?.(record, new Error('late'));
  await context?.reportErrant?.(record.with({ value: 'changed' }), new Error('late'));
  expect((await letters()).map(({ key, value, headers }) => [key, value, headers['h']])).toEqual([
    ['bad', 'bad', 'bad'],
    ['bad', 'changed', 'bad'],
  ]);
});

test('without tolerance a report fails the task, and nothing of its batch is committed', async () => {
  await sink.produce('numbers', 'a', bad);
  const task = sink.start(
    (context) => ({
      put: (records) => {
        for (const record of records) {
          if (record.value === 'bad') void context.reportErrant?.(record, new Error('refused'));
        }
      },
    }),
    { config: { ...tolerant, 'errors.tolerance': 'none' }, settings: { offsetFlushIntervalMs: 20 } },
  );
  await expect(task.over).rejects.toThrow('failed at stage TASK_PUT');
  expect(await sink.committed()).toEqual({});
});

test('there is nobody to report to unless the user asks for it', async () => {
  let reporters: unknown[] = [];
  const open = (context: SinkTaskContext<Record<never, never>>) => {
    reporters = [...reporters, context.reportErrant];
    return new Collector();
  };
  const without = sink.start(open);
  await eventually(() => without.states.length === 1, 'start');
  const withLog = sink.start(open, { task: 1, config: { 'errors.log.enable': 'true' } });
  await eventually(() => withLog.states.length === 1, 'start');
  expect(reporters).toEqual([undefined, expect.any(Function)]);
});

test('what a converter cannot reach for the moment is asked for again, and nothing is skipped', async () => {
  await sink.produce('numbers', 'a', 'b');
  let asked = 0;
  const prepareDecode = async () => {
    if (++asked < 3) throw new RetriableError('registry is away');
  };
  const collector = new Collector();
  const task = sink.start(() => collector, {
    parts: { valueConverter: { ...createStringConverter(), prepareDecode } },
  });
  await eventually(() => collector.values.length === 2, 'delivery');
  expect(asked).toBe(3);
  expect(task.log.join('\n')).toContain('VALUE_CONVERTER TestValueConverter failed for the moment');
});
