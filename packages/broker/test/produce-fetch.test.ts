import { errorCode, produce } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { batchOf, recordsIn, valuesIn } from './support/batches.ts';
import { testBroker, testClient } from './support/test-broker.ts';

test('records come back as they were sent, with the offsets that the producer was told', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  const first = batchOf(['a', 'b'], { compression: 'gzip' });
  expect(await client.produce('t', first)).toMatchObject({ errorCode: 0, baseOffset: 0 });
  expect(await client.produce('t', batchOf(['c']))).toMatchObject({ errorCode: 0, baseOffset: 2, logStartOffset: 0 });
  const fetched = await client.fetch('t', 0);
  expect(recordsIn(fetched.records).map(({ offset, value }) => [offset, value])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ]);
  expect(fetched).toMatchObject({ highWatermark: 3, lastStableOffset: 3, logStartOffset: 0 });
  // Stored verbatim: only the offset and the leader epoch in front of the checksum are the broker's.
  expect(fetched.records!.subarray(17, first.length)).toEqual(first.subarray(17));
});

test('a fetch returns whole batches within the limit, but at least one', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  const size = batchOf(['x'.repeat(1000)]).length;
  for (let index = 0; index < 5; index++) await client.produce('t', batchOf(['x'.repeat(1000)]));
  expect(recordsIn((await client.fetch('t', 0, { maxBytes: 2.5 * size })).records)).toHaveLength(2);
  expect(recordsIn((await client.fetch('t', 3, { maxBytes: 10 })).records)).toHaveLength(1);
  expect(recordsIn((await client.fetch('t', 5)).records)).toHaveLength(0);
});

test('a fetch from within a batch returns that batch', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  await client.produce('t', batchOf(['a', 'b', 'c']));
  expect(valuesIn((await client.fetch('t', 1)).records)).toEqual(['a', 'b', 'c']);
});

test('a fetch at the end waits until something is appended', async () => {
  const broker = await testBroker();
  const [reader, writer] = [await testClient(broker), await testClient(broker)];
  await writer.createTopic('t');
  const waiting = reader.fetch('t', 0, { maxWaitMs: 60_000 });
  await writer.produce('t', batchOf(['late']));
  expect(valuesIn((await waiting).records)).toEqual(['late']);
});

test('a fetch that finds nothing is answered empty when its time is over', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  const started = performance.now();
  expect((await client.fetch('t', 0, { maxWaitMs: 60 })).records).toHaveLength(0);
  expect(performance.now() - started).toBeGreaterThanOrEqual(50);
});

test('offsets outside of the log are refused', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  expect((await client.fetch('t', 1)).errorCode).toBe(errorCode.OFFSET_OUT_OF_RANGE);
  expect((await client.fetch('absent', 0)).errorCode).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
});

test.each([
  ['a wrong checksum', () => corrupted(batchOf(['a']), 40), errorCode.CORRUPT_MESSAGE],
  ['a batch that is cut off', () => batchOf(['a', 'b']).subarray(0, -1), errorCode.CORRUPT_MESSAGE],
  ['two batches', () => Buffer.concat([batchOf(['a']), batchOf(['b'])]), errorCode.INVALID_RECORD],
  ['no batch', () => Buffer.alloc(0), errorCode.INVALID_RECORD],
  ['a message of format 1', () => corrupted(batchOf(['a']), 16, 3), errorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT],
  ['a batch larger than the topic allows', () => batchOf(['x'.repeat(5000)]), errorCode.MESSAGE_TOO_LARGE],
  [
    'a time far in the future',
    () => batchOf([{ value: 'a', timestamp: Date.now() + 7_200_000 }]),
    errorCode.INVALID_TIMESTAMP,
  ],
] as const)('%s is refused, and the log goes on without it', async (_what, bytes, code) => {
  const client = await testClient(await testBroker());
  await client.createTopic('t', { 'max.message.bytes': '2000' });
  expect(await client.produce('t', bytes())).toMatchObject({ errorCode: code, baseOffset: -1 });
  expect(await client.produce('t', batchOf(['good']))).toMatchObject({ errorCode: 0, baseOffset: 0 });
  expect(valuesIn((await client.fetch('t', 0)).records)).toEqual(['good']);
});

test('without acknowledgement there is no answer, and the records are there', async () => {
  const broker = await testBroker();
  const client = await testClient(broker);
  await client.createTopic('t');
  void client.produce('t', batchOf(['unacknowledged']), { acks: 0 }).catch(() => undefined);
  expect(valuesIn((await client.fetch('t', 0, { maxWaitMs: 5000 })).records)).toEqual(['unacknowledged']);
});

test('acks other than -1, 0 and 1 are refused', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  expect((await client.produce('t', batchOf(['a']), { acks: 2 })).errorCode).toBe(errorCode.INVALID_REQUIRED_ACKS);
});

test('a request may hold several partitions, of which one fails alone', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t', {}, 2);
  const { responses } = await client.raw.call(produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [
      {
        name: 't',
        partitionData: [0, 1, 2].map((index) => ({ index, records: batchOf([`p${index}`]) })),
      },
    ],
  });
  expect(responses[0]!.partitionResponses.map((partition) => partition.errorCode)).toEqual([
    0,
    0,
    errorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ]);
});

test("a topic with the broker's time gives all records of a batch the time of the append", async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t', { 'message.timestamp.type': 'LogAppendTime' });
  const before = Date.now();
  const { logAppendTimeMs } = await client.produce('t', batchOf([{ value: 'a', timestamp: 5 }]));
  expect(logAppendTimeMs).toBeGreaterThanOrEqual(before);
  expect(await client.offsetAt('t', before)).toMatchObject({ offset: 0, timestamp: logAppendTimeMs });
});

test('offsets are found by time: latest, earliest, largest and the first that is not older', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t');
  await client.produce(
    't',
    batchOf([
      { value: 'a', timestamp: 1000 },
      { value: 'b', timestamp: 5000 },
    ]),
  );
  await client.produce('t', batchOf([{ value: 'c', timestamp: 3000 }]));
  expect(await client.offsetAt('t', -1)).toMatchObject({ offset: 3, timestamp: -1 });
  expect(await client.offsetAt('t', -2)).toMatchObject({ offset: 0, timestamp: -1 });
  expect(await client.offsetAt('t', -3)).toMatchObject({ offset: 1, timestamp: 5000 });
  expect(await client.offsetAt('t', 2000)).toMatchObject({ offset: 1, timestamp: 5000 });
  expect(await client.offsetAt('t', 5001)).toMatchObject({ offset: -1, timestamp: -1 });
});

function corrupted(batch: Buffer, at: number, mask = 1): Buffer {
  batch[at] = batch[at]! ^ mask;
  return batch;
}
