import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deleteRecords, errorCode, offsetCommit, offsetFetch } from '@millrace/protocol';
import { describe, expect, test } from 'vitest';
import { batchOf, valuesIn } from './support/batches.ts';
import { type TestClient, temporaryDirectory, testBroker, testClient } from './support/test-broker.ts';

const partitionDirectory = (data: string): string => {
  const topics = join(data, 'topics');
  return join(topics, readdirSync(topics)[0]!, '0');
};

const logFiles = (data: string): string[] =>
  readdirSync(partitionDirectory(data))
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => join(partitionDirectory(data), name));

const segmented = { 'segment.bytes': '1024' };

/** A topic of several segments, written by an idempotent producer. */
const fill = async (client: TestClient, count: number): Promise<void> => {
  await client.createTopic('t', segmented);
  for (let index = 0; index < count; index++) {
    const producer = { producerId: 1, producerEpoch: 0, baseSequence: index };
    expect(await client.produce('t', batchOf([`v${index}`.padEnd(200, '.')], { producer }))).toMatchObject({
      errorCode: 0,
    });
  }
};

const allValues = async (client: TestClient): Promise<string[]> => {
  const values: string[] = [];
  for (let offset = (await client.offsetAt('t', -2)).offset; ; ) {
    const { records, highWatermark } = await client.fetch('t', offset);
    const read = valuesIn(records).map((value) => value!.replace(/\.+$/, ''));
    values.push(...read);
    if (read.length === 0 || offset + read.length >= highWatermark) return values;
    offset += read.length;
  }
};

const expected = (count: number): string[] => Array.from({ length: count }, (_value, index) => `v${index}`);

describe('a log that is opened again', () => {
  test('has everything, its topics, configurations and ids', async () => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    await fill(await testClient(first), 20);
    expect(logFiles(data).length).toBeGreaterThan(3);
    await first.close();
    const client = await testClient(await testBroker({ data }));
    expect(await allValues(client)).toEqual(expected(20));
    expect(await client.createTopic('t')).toBe(errorCode.TOPIC_ALREADY_EXISTS);
  });

  test.each([
    ['is cut off in its last batch', (file: string) => truncateSync(file, readFileSync(file).length - 7), 19],
    ['has garbage at its end', (file: string) => appendFileSync(file, Buffer.alloc(5000, 0xab)), 20],
    ['has zeros at its end', (file: string) => appendFileSync(file, Buffer.alloc(100_000)), 20],
    [
      'has the beginning of a batch at its end',
      (file: string) => appendFileSync(file, batchOf(['x'.repeat(500)]).subarray(0, 300)),
      20,
    ],
    ['has a flipped bit in its last batch', flipLastBatch, 19],
  ] as const)('that %s goes on behind the last good batch', async (_what, damage, good) => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    await fill(await testClient(first), 20);
    await first.close();
    damage(logFiles(data).at(-1)!);
    const lines: string[] = [];
    const broker = await testBroker({ data, log: (line) => lines.push(line) });
    const client = await testClient(broker);
    expect(await allValues(client)).toEqual(expected(good));
    expect(lines.join()).toContain('have been cut off');
    expect(await client.produce('t', batchOf([`v${good}`]))).toMatchObject({ baseOffset: good });
    expect(await allValues(client)).toEqual(expected(good + 1));
  });

  test.each([
    ['with what was kept beside the segments', () => undefined],
    ['from the segments alone', (data: string) => removeJson(data)],
    ['where what was kept beside them is not readable', (data: string) => spoilJson(data)],
  ] as const)('knows its producers, %s', async (_how, change) => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    await fill(await testClient(first), 20);
    await first.close();
    change(data);
    const client = await testClient(await testBroker({ data }));
    const batch = (baseSequence: number) =>
      batchOf(['again'.padEnd(200)], { producer: { producerId: 1, producerEpoch: 0, baseSequence } });
    expect(await client.produce('t', batch(17))).toMatchObject({ errorCode: 0, baseOffset: 17 });
    expect(await client.produce('t', batch(21))).toMatchObject({ errorCode: errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER });
    expect(await client.produce('t', batch(20))).toMatchObject({ errorCode: 0, baseOffset: 20 });
  });

  test('keeps its start, open and aborted transactions', async () => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    const before = await testClient(first);
    await before.createTopic('t', segmented);
    for (let index = 0; index < 10; index++) await before.produce('t', batchOf([`v${index}`.padEnd(200)]));
    await before.raw.call(deleteRecords, 2, {
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 6 }] }],
      timeoutMs: 1000,
    });
    const { producerId, producerEpoch } = await before.initialize('tx');
    const producer = { transactionalId: 'tx', producerId, producerEpoch };
    const write = (client: TestClient, baseSequence: number) =>
      client.produce('t', batchOf(['tx'], { producer: { ...producer, baseSequence }, transactional: true }), producer);
    await before.begin(producer, 't');
    await write(before, 0);
    await before.end(producer, false);
    await before.begin(producer, 't');
    await write(before, 1);
    await first.close();
    const client = await testClient(await testBroker({ data }));
    expect((await client.fetch('t', 5)).errorCode).toBe(errorCode.OFFSET_OUT_OF_RANGE);
    expect(await client.fetch('t', 10, { committed: true })).toMatchObject({
      logStartOffset: 6,
      lastStableOffset: 12,
      highWatermark: 13,
      abortedTransactions: [{ producerId, firstOffset: 10 }],
    });
    expect((await write(client, 2)).errorCode).toBe(0);
    expect((await client.end(producer, true)).errorCode).toBe(0);
    expect(await client.fetch('t', 12, { committed: true })).toMatchObject({
      lastStableOffset: 15,
      abortedTransactions: [],
    });
  });

  test('keeps the offsets of groups', async () => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    const before = await testClient(first);
    await before.createTopic('t');
    for (let offset = 0; offset < 5; offset++) {
      await before.raw.call(offsetCommit, 8, {
        groupId: 'g',
        memberId: '',
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: 'm' }] }],
      });
    }
    await first.close();
    const client = await testClient(await testBroker({ data }));
    const { groups } = await client.raw.call(offsetFetch, 8, { groups: [{ groupId: 'g', topics: null }] });
    expect(groups[0]!.topics[0]!.partitions[0]).toMatchObject({ committedOffset: 4, metadata: 'm' });
  });
});

function flipLastBatch(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 20] = bytes[bytes.length - 20]! ^ 1;
  writeFileSync(file, bytes);
}

function removeJson(data: string): void {
  for (const name of readdirSync(partitionDirectory(data))) {
    if (/\.(?:summary|producers)\.json$/.test(name)) rmSync(join(partitionDirectory(data), name));
  }
}

function spoilJson(data: string): void {
  for (const name of readdirSync(partitionDirectory(data))) {
    if (/\.(?:summary|producers)\.json$/.test(name)) writeFileSync(join(partitionDirectory(data), name), '{"size":');
  }
}
