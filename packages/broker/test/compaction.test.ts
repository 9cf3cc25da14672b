import { cpSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, type RecordBatchOptions } from '@millrace/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { validateProducedBatch } from '../src/log/batch-info.ts';
import { Compactor } from '../src/log/compactor.ts';
import { OpenFiles } from '../src/log/open-files.ts';
import { PartitionLog } from '../src/log/partition-log.ts';
import { diskStorage } from '../src/log/storage.ts';
import { TopicConfig } from '../src/topics/topic-config.ts';
import { batchOf, type ReadRecord, recordsIn } from './support/batches.ts';
import { ManualClock } from './support/manual-clock.ts';
import { type TestClient, temporaryDirectory, testBroker, testClient } from './support/test-broker.ts';

const compacted = {
  'cleanup.policy': 'compact',
  'segment.bytes': '1024',
  'min.cleanable.dirty.ratio': '0',
  'delete.retention.ms': '1000',
};

const filler = '.'.repeat(300);

const write = async (client: TestClient, key: string, value: string | null, options: RecordBatchOptions = {}) =>
  expect(
    await client.produce('t', batchOf([{ key, value: value === null ? null : value + filler }], options)),
  ).toMatchObject({
    errorCode: 0,
  });

const readAll = async (client: TestClient): Promise<ReadRecord[]> => {
  const all: ReadRecord[] = [];
  let next = (await client.offsetAt('t', -2)).offset;
  for (;;) {
    const { records } = await client.fetch('t', next);
    const read = recordsIn(records);
    if (read.length === 0) return all;
    all.push(...read);
    next = read.at(-1)!.offset + 1;
  }
};

const content = async (client: TestClient): Promise<Map<string | null, string | null>> =>
  new Map((await readAll(client)).map(({ key, value }) => [key, value?.replace(/\.+$/, '') ?? null]));

const partitionDirectory = (data: string): string => {
  const topics = join(data, 'topics');
  return join(topics, readdirSync(topics)[0]!, '0');
};

describe('compaction', () => {
  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'keeps the newest record of each key, at its offset (compression %s)',
    async (compression) => {
      const broker = await testBroker();
      const client = await testClient(broker);
      await client.createTopic('t', compacted);
      for (let round = 0; round < 10; round++) {
        const records = ['a', 'b', 'c'].map((key) => ({ key, value: `${key}${round}${filler}` }));
        await client.produce('t', batchOf([...records, { key: `once-${round}`, value: filler }], { compression }));
      }
      const before = await readAll(client);
      await broker.maintain();
      const after = await readAll(client);
      expect(after.length).toBeLessThan(before.length);
      const offsets = new Map(before.map((record) => [record.offset, record]));
      for (const record of after) expect(record).toEqual(offsets.get(record.offset));
      expect(new Map(after.map(({ key, value }) => [key, value]))).toEqual(
        new Map(before.map(({ key, value }) => [key, value])),
      );
      expect((await client.fetch('t', 0)).highWatermark).toBe(40);
    },
  );

  test('can be repeated, and the log can be opened again after it', async () => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    const before = await testClient(first);
    await before.createTopic('t', compacted);
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 10; index++) await write(before, `k${index % 4}`, `${round}-${index}`);
      await first.maintain();
    }
    const expected = await content(before);
    expect(expected.size).toBe(4);
    expect((await readAll(before)).length).toBeLessThan(16);
    await first.close();
    const again = await testBroker({ data });
    const client = await testClient(again);
    expect(await content(client)).toEqual(expected);
    await again.maintain();
    expect(await content(client)).toEqual(expected);
    expect(await client.produce('t', batchOf([{ key: 'k0', value: 'new' }]))).toMatchObject({ baseOffset: 50 });
  });

  test('keeps a deletion for a while, and then drops it', async () => {
    const clock = new ManualClock();
    const broker = await testBroker({ clock });
    const client = await testClient(broker);
    await client.createTopic('t', compacted);
    await write(client, 'a', 'value');
    await write(client, 'a', null);
    for (let index = 0; index < 8; index++) await write(client, 'b', `${index}`);
    await broker.maintain();
    expect((await content(client)).get('a')).toBeNull();
    clock.advance(1001);
    for (let index = 0; index < 8; index++) await write(client, 'b', `${index}`);
    await broker.maintain();
    expect((await content(client)).has('a')).toBe(false);
  });

  test('leaves open transactions alone and drops the records of aborted ones', async () => {
    const broker = await testBroker();
    const client = await testClient(broker);
    await client.createTopic('t', compacted);
    const { producerId, producerEpoch } = await client.initialize('tx');
    const producer = { transactionalId: 'tx', producerId, producerEpoch };
    await write(client, 'a', 'good');
    await client.begin(producer, 't');
    const records = batchOf([{ key: 'a', value: 'bad' }], {
      producer: { ...producer, baseSequence: 0 },
      transactional: true,
    });
    await client.produce('t', records, producer);
    for (let index = 0; index < 8; index++) await write(client, 'b', `${index}`);
    await broker.maintain();
    expect((await readAll(client)).map(({ key }) => key).filter((key) => key === 'a')).toHaveLength(2);
    await client.end(producer, false);
    for (let index = 0; index < 8; index++) await write(client, 'b', `${index}`);
    await broker.maintain();
    expect((await content(client)).get('a')).toBe('good');
  });

  test.each([
    ['before the new segment counts', 'cleaned', false],
    ['when the new segment counts and the old ones are still there', 'swap', false],
    ['when the old ones are gone', 'swap', true],
  ] as const)('goes on after a crash %s', async (_when, stage, oldOnesGone) => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    const client = await testClient(first);
    await client.createTopic('t', compacted);
    for (let index = 0; index < 20; index++) await write(client, `k${index % 3}`, `${index}`);
    const expected = await content(client);
    const partition = partitionDirectory(data);
    const logs = (): string[] =>
      readdirSync(partition)
        .filter((name) => name.endsWith('.log'))
        .sort();
    const before = logs();
    const aside = temporaryDirectory();
    cpSync(partition, aside, { recursive: true });
    await first.maintain();
    await write(client, 'k0', 'next');
    await first.maintain();
    const after = logs();
    const [merged, next] = after as [string, string];
    const replaced = before.filter((name) => name < next);
    expect(replaced.length).toBeGreaterThan(1);
    await first.close();
    // The files as they are in the middle of the exchange.
    const range = `${merged.slice(0, 20)}-${replaced.at(-1)!.slice(0, 20)}.swap`;
    renameSync(join(partition, merged), join(aside, stage === 'swap' ? range : '0.cleaned'));
    rmSync(partition, { recursive: true });
    cpSync(aside, partition, { recursive: true });
    if (oldOnesGone) for (const name of replaced) rmSync(join(partition, name));
    const again = await testBroker({ data });
    expect(await content(await testClient(again))).toEqual(expected);
    expect(readdirSync(partition).filter((name) => /swap|cleaned|tmp/.test(name))).toEqual([]);
    await again.maintain();
    expect(await content(await testClient(again))).toEqual(expected);
  });

  test('of more keys than it may remember takes several passes', async () => {
    const clock = new ManualClock();
    const files = new OpenFiles(diskStorage);
    onTestFinished(() => files.closeAll());
    const config = new TopicConfig(Object.entries(compacted));
    const shared = { files, clock, log: () => undefined };
    const directory = temporaryDirectory();
    const log = PartitionLog.open({ ...shared, directory, name: 't-0', config: () => config, fsync: false });
    for (let round = 0; round < 3; round++) {
      for (let key = 0; key < 40; key++) {
        const batch = batchOf([
          { key: `k${key}`, value: `${round}` },
          { key: `l${key}`, value: `${round}` },
        ]);
        log.append(batch, validateProducedBatch(batch));
      }
    }
    const compactor = new Compactor({ ...shared, isStopped: () => false, mostKeys: 7 });
    const before = log.size;
    for (let pass = 0; pass < 60; pass++) await compactor.compact(log);
    const left: ReadRecord[] = [];
    for (let offset = 0; offset < log.nextOffset; offset = left.at(-1)!.offset + 1) {
      left.push(...recordsIn(log.read(offset, log.nextOffset, 1_000_000, true)));
    }
    const newest = left.filter(({ value }) => value === '2');
    expect(newest).toHaveLength(80);
    expect(left.length).toBeLessThan(120);
    expect(log.size).toBeLessThan(before);
    expect(log.nextOffset).toBe(240);
  });

  test('refuses records without a key', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t', compacted);
    expect((await client.produce('t', batchOf(['keyless']))).errorCode).toBe(errorCode.INVALID_RECORD);
  });

  test('of what the broker remembers itself keeps it small', async () => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    const client = await testClient(first);
    for (let index = 0; index < 15_000; index++) void client.initialize('tx');
    const { producerEpoch } = await client.initialize('tx');
    const state = (): number =>
      readdirSync(join(data, 'state'))
        .filter((name) => name.endsWith('.log'))
        .reduce((bytes, name) => bytes + statSync(join(data, 'state', name)).size, 0);
    expect(state()).toBeGreaterThan(3_000_000);
    await first.maintain();
    expect(state()).toBeLessThan(1_100_000);
    await first.close();
    const again = await testClient(await testBroker({ data }));
    expect((await again.initialize('tx')).producerEpoch).toBe(producerEpoch + 1);
  });
});

describe('retention', () => {
  test('by size removes the oldest segments', async () => {
    const broker = await testBroker();
    const client = await testClient(broker);
    await client.createTopic('t', { 'segment.bytes': '1024', 'retention.bytes': '3000', 'retention.ms': '-1' });
    for (let index = 0; index < 20; index++) await write(client, 'k', `${index}`);
    await broker.maintain();
    const { offset } = await client.offsetAt('t', -2);
    expect(offset).toBeGreaterThan(0);
    expect((await readAll(client)).at(-1)!.offset).toBe(19);
    expect((await client.fetch('t', 0)).errorCode).toBe(errorCode.OFFSET_OUT_OF_RANGE);
  });

  test('by time removes everything that is old enough, and offsets go on', async () => {
    const clock = new ManualClock();
    const broker = await testBroker({ clock });
    const client = await testClient(broker);
    await client.createTopic('t', { 'retention.ms': '60000' });
    await write(client, 'k', 'old');
    clock.advance(60_001);
    await broker.maintain();
    expect(await client.offsetAt('t', -2)).toMatchObject({ offset: 1 });
    expect(await client.produce('t', batchOf([{ value: 'new', timestamp: clock.now() }]))).toMatchObject({
      baseOffset: 1,
    });
    await broker.maintain();
    expect(await readAll(client)).toHaveLength(1);
  });
});
