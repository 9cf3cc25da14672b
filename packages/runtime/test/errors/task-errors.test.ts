import { DataError, RetriableError, Schema, SourceRecord, silentLogger } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTaskErrors, type ErrorSettings, type TaskErrorsOptions } from '../../src/errors/create-task-errors.ts';
import type { RawRecord, RecordFailure, TaskErrors } from '../../src/errors/task-errors.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

const raw: RawRecord = {
  topic: 'in',
  partition: 2,
  offset: 41,
  timestamp: 1_700_000_000_000,
  key: Buffer.from('k'),
  value: Buffer.from('{bad json'),
  headers: [{ name: 'h', value: Buffer.from('v') }],
};

function failure(error: unknown, origin: RawRecord | SourceRecord = raw): RecordFailure {
  return { subject: origin, stage: 'VALUE_CONVERTER', className: 'JsonConverter', error, origin: () => origin };
}

const defaults: ErrorSettings = {
  errorsTolerance: 'all',
  errorsRetryTimeout: 0,
  errorsRetryDelayMaxMs: 60_000,
  errorsLogEnable: false,
  errorsLogIncludeMessages: false,
  errorsDeadletterqueueTopicName: '',
  errorsDeadletterqueueTopicReplicationFactor: 1,
  errorsDeadletterqueueContextHeadersEnable: true,
};

async function open(
  settings: Partial<ErrorSettings>,
  options: Partial<TaskErrorsOptions> = {},
  producerSettings: Record<string, string | number> = {},
): Promise<TaskErrors> {
  const kafka = { 'bootstrap.servers': broker.bootstrap, 'max.block.ms': 2000 };
  const errors = await createTaskErrors({
    id: { connector: 'c', task: 0 },
    settings: { ...defaults, ...settings },
    log: silentLogger,
    signal: new AbortController().signal,
    clients: () => ({
      admin: createAdmin({ settings: kafka }),
      producer: createProducer({ settings: { ...kafka, ...producerSettings } }),
    }),
    ...options,
  });
  onTestFinished(() => errors.close());
  return errors;
}

interface Letter {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
}

async function lettersIn(topic: string): Promise<Letter[]> {
  const reader = createReader({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => reader.close());
  reader.assign([{ topic, partition: 0, offset: 0 }]);
  const letters: Letter[] = [];
  await reader.readToEnd((records) => {
    while (records.next()) {
      const { record } = records;
      const text = (start: number, end: number): string | null =>
        start < 0 ? null : record.buffer.toString('utf8', start, end);
      const headers: Record<string, string> = {};
      while (record.nextHeader()) {
        const name = text(record.headerNameStart, record.headerNameEnd) ?? '';
        headers[name] = text(record.headerValueStart, record.headerValueEnd) ?? '';
      }
      letters.push({
        key: text(record.keyStart, record.keyEnd),
        value: text(record.valueStart, record.valueEnd),
        timestamp: record.timestamp,
        headers,
      });
    }
  });
  return letters;
}

test('without tolerance the first failure ends the task, and the message says what, where and why', async () => {
  const errors = await open({ errorsTolerance: 'none' });
  const failed = failure(new DataError('not JSON'));
  expect(await errors.decide(failed)).toBe('throw');
  expect(errors.failed(failed)).toMatchObject({
    message: expect.stringMatching(
      /^Tolerance exceeded in error handler: task c-0 failed at stage VALUE_CONVERTER in JsonConverter, record with topic='in', partition=2, offset=41.*: not JSON$/,
    ),
    cause: failed.error,
  });
});

test('a tolerated record is skipped and its letter holds the fetched bytes, its headers and the context', async () => {
  const errors = await open({ errorsDeadletterqueueTopicName: 'letters' });
  const cause = new DataError('not JSON', { cause: new Error('at 1') });
  expect(await errors.decide(failure(cause))).toBe('skip');
  await errors.deadLettersWritten();
  expect(errors.hasPending).toBe(false);
  const [letter] = await lettersIn('letters');
  expect(letter).toMatchObject({ key: 'k', value: '{bad json', timestamp: raw.timestamp });
  expect(Object.keys(letter?.headers ?? {})).toEqual([
    'h',
    ...[
      'topic',
      'partition',
      'offset',
      'connector.name',
      'task.id',
      'stage',
      'class.name',
      'exception.class.name',
      'exception.message',
      'exception.stacktrace',
    ].map((name) => `__connect.errors.${name}`),
  ]);
  expect(letter?.headers).toMatchObject({
    '__connect.errors.topic': 'in',
    '__connect.errors.partition': '2',
    '__connect.errors.offset': '41',
    '__connect.errors.connector.name': 'c',
    '__connect.errors.task.id': '0',
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
    '__connect.errors.exception.message': 'not JSON',
    '__connect.errors.exception.stacktrace': expect.stringMatching(
      /^org\.apache\.kafka\.connect\.errors\.DataException: not JSON\n\tat [\s\S]*\nCaused by: Error: at 1\n\tat /,
    ),
  });
});

test('a polled record becomes JSON with schemas, with its place in the source', async () => {
  const errors = await open({
    errorsDeadletterqueueTopicName: 'source-letters',
    errorsDeadletterqueueContextHeadersEnable: false,
  });
  const record = new SourceRecord({
    topic: 'out',
    key: 7n,
    keySchema: Schema.int64,
    value: 'text',
    valueSchema: Schema.string,
    timestamp: 5,
    sourcePartition: { file: 'a' },
    sourceOffset: { position: 9007199254740993n },
  });
  expect(await errors.decide(failure(new DataError('no'), record))).toBe('skip');
  await errors.deadLettersWritten();
  expect(await lettersIn('source-letters')).toEqual([
    {
      key: '{"schema":{"type":"int64","optional":false},"payload":7}',
      value: '{"schema":{"type":"string","optional":false},"payload":"text"}',
      timestamp: 5,
      headers: {
        '__connect.errors.topic': 'out',
        '__connect.errors.source.partition': '{"file":"a"}',
        '__connect.errors.source.offset': '{"position":9007199254740993}',
      },
    },
  ]);
});

test('a value that does not fit its schema is written all the same', async () => {
  const errors = await open({ errorsDeadletterqueueTopicName: 'misfits' });
  const record = new SourceRecord({ topic: 'out', value: { no: 'number' }, valueSchema: Schema.int32 });
  await errors.decide(failure(new DataError('no'), record));
  await errors.deadLettersWritten();
  expect((await lettersIn('misfits'))[0]?.value).toBe('{"no":"number"}');
});

test('retriable errors are tried again until the time is over, each record by itself', async () => {
  let now = 0;
  const errors = await open({ errorsRetryTimeout: 500, errorsRetryDelayMaxMs: 1 }, { now: () => now, random: () => 0 });
  const first = failure(new RetriableError('busy'));
  expect(await errors.decide(first)).toBe('retry');
  now = 499;
  expect(await errors.decide(first)).toBe('retry');
  now = 500;
  expect(await errors.decide(first)).toBe('skip');
  expect(await errors.decide({ ...first, subject: 'another' })).toBe('retry');
  expect(errors.metrics).toMatchObject({ recordErrors: 4, retries: 3, recordFailures: 1, recordsSkipped: 1 });
});

test('nobody waits for a back-off once the task stops', async () => {
  const stopping = new AbortController();
  const errors = await open({ errorsRetryTimeout: -1 }, { signal: stopping.signal });
  const decision = errors.decide(failure(new RetriableError('busy')));
  stopping.abort(new Error('stopping'));
  await expect(decision).rejects.toThrow('stopping');
});

test('a letter that is too large goes without the value, with its size, its place and the start of the trace', async () => {
  const errors = await open(
    { errorsDeadletterqueueTopicName: 'large', errorsDeadletterqueueContextHeadersEnable: false },
    {},
    { 'max.request.size': 4_000 },
  );
  const value = Buffer.alloc(5_000, 'v');
  const error = new DataError('e'.repeat(10_000));
  expect(await errors.decide(failure(error, { ...raw, value }))).toBe('skip');
  expect(await errors.decide(failure(error, { ...raw, value, key: Buffer.alloc(6_000, 'k') }))).toBe('skip');
  await errors.deadLettersWritten();
  const letters = await lettersIn('large');
  expect(letters.map(({ key, value: written }) => [key, written])).toEqual([
    ['k', null],
    [null, null],
  ]);
  for (const { headers, timestamp } of letters) {
    expect(timestamp).toBe(raw.timestamp);
    expect(headers).toMatchObject({
      h: 'v',
      '__connect.errors.topic': 'in',
      '__connect.errors.partition': '2',
      '__connect.errors.offset': '41',
      '__connect.errors.value.size': '5000',
      '__connect.errors.exception.message': 'e'.repeat(1_000),
      '__connect.errors.exception.stacktrace': expect.stringMatching(/^org\.apache.*DataException: e{900}/) as string,
    });
  }
  expect(letters.map(({ headers }) => headers['__connect.errors.key.size'])).toEqual([undefined, '6000']);
});

test('a letter that the topic refuses as too large fails for good, with what to change', async () => {
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => admin.close());
  await admin.createTopics([{ name: 'narrow', partitions: 1, configs: { 'max.message.bytes': '300' } }]);
  const errors = await open({ errorsDeadletterqueueTopicName: 'narrow' });
  await errors.decide(failure(new DataError('no')));
  await expect(errors.deadLettersWritten()).rejects.toThrow(
    /topic 'narrow': .*is not committed; .* Raise max\.message\.bytes of the topic, or set producer\.override\.max\.request\.size below/,
  );
});

test('a letter that cannot be written fails for good and says which topic', async () => {
  const errors = await open({ errorsDeadletterqueueTopicName: 'small' }, {}, { 'max.request.size': 100 });
  await expect(errors.decide(failure(new DataError('no')))).rejects.toThrow(
    /A dead letter could not be written to topic 'small': .*The offset of its record is not committed; the letter is too large even without .* Raise producer\.override\.max\.request\.size/,
  );
  expect(errors.hasPending).toBe(true);
  await expect(errors.deadLettersWritten()).rejects.toMatchObject({ code: 'DEAD_LETTER' });
});

test('a queue that cannot be created is refused at the start, with the remedy', async () => {
  await expect(
    open({ errorsDeadletterqueueTopicName: 'wide', errorsDeadletterqueueTopicReplicationFactor: 3 }),
  ).rejects.toThrow(/Could not initialize dead letter queue with topic=wide: .*replication\.factor \(now 3\)/);
});

test('a report settles when its letter is there; without tolerance it rejects', async () => {
  const errors = await open({ errorsDeadletterqueueTopicName: 'reports' });
  expect(errors.takesReports).toBe(true);
  await errors.report(failure(new Error('the target refused it')));
  expect(await lettersIn('reports')).toHaveLength(1);
  const strict = await open({ errorsDeadletterqueueTopicName: 'reports', errorsTolerance: 'none' });
  await expect(strict.report(failure(new Error('again')))).rejects.toThrow('Tolerance exceeded');
  expect((await open({})).takesReports).toBe(false);
});
