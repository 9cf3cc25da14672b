import { fetch, RecordBatchWriter, type Request, type ResponseInput, setBatchBaseOffset } from '@millrace/protocol';
import { afterEach, expect, test } from 'vitest';
import { createReader, type PartitionReader } from '../../src/index.ts';
import { type ScriptedBroker, scriptedCluster } from '../support/scripted-broker.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Asked = Request<typeof fetch>['topics'][number]['partitions'][number] & { readonly rack: string };
type Answered = ResponseInput<typeof fetch>['responses'][number]['partitions'][number];

/** One record at that offset, written in that epoch. */
function batch(offset: number, epoch: number): Buffer {
  const writer = new RecordBatchWriter();
  writer.begin();
  writer.append(1, null, Buffer.from(`${offset}@${epoch}`));
  const bytes = writer.finish();
  setBatchBaseOffset(bytes, offset, epoch);
  return bytes;
}

async function readerOf(
  count: number,
  answer: (broker: number, asked: Asked) => Partial<Answered>,
  settings: Record<string, string> = {},
): Promise<{ reader: PartitionReader; brokers: ScriptedBroker[] }> {
  const brokers = await scriptedCluster(count, [fetch]);
  for (const broker of brokers) {
    broker.on(fetch, async (request) => {
      const asked = request.topics[0]?.partitions[0];
      const found = asked && answer(broker.node, { ...asked, rack: request.rackId });
      const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 10, abortedTransactions: null };
      // As if it had waited a little for more.
      if (found?.records == null) await new Promise((resolve) => setTimeout(resolve, 5));
      return {
        errorCode: 0,
        sessionId: 0,
        responses: found ? [{ topic: 't', partitions: [{ ...partition, records: null, ...found }] }] : [],
      };
    });
  }
  const reader = createReader({
    settings: { 'bootstrap.servers': `127.0.0.1:${brokers[0]!.port}`, 'auto.offset.reset': 'earliest', ...settings },
  });
  cleanups.push(...brokers.map((broker) => () => broker.close()), () => reader.close());
  return { reader, brokers };
}

async function next(reader: PartitionReader): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    for (const records of await reader.poll(1_000)) {
      if (records.next())
        return records.record.buffer.toString('utf8', records.record.valueStart, records.record.valueEnd);
    }
  }
  throw new Error('nothing arrived');
}

test('a follower in the same rack is read from, and the leader again where it cannot help', async () => {
  let lag = false;
  const from: number[] = [];
  const { reader } = await readerOf(
    2,
    (broker, { fetchOffset, rack }) => {
      if (broker === 0 && !lag) return rack === 'near' ? { preferredReadReplica: 1 } : {};
      if (broker === 1 && lag) return { errorCode: 1 };
      from.push(broker);
      return { records: batch(fetchOffset, 5) };
    },
    { 'client.rack': 'near', 'max.partition.fetch.bytes': '1' },
  );
  reader.assign([{ topic: 't', partition: 0, offset: 3 }]);
  expect(await next(reader)).toBe('3@5');
  expect(await next(reader)).toBe('4@5');
  expect(new Set(from)).toEqual(new Set([1]));
  lag = true;
  from.length = 0;
  while (!from.includes(0)) await next(reader);
});

test('the broker is told what was read last, and where its log differs reading goes on from there', async () => {
  const told: [offset: number, epoch: number][] = [];
  const { reader } = await readerOf(1, (_, { fetchOffset, lastFetchedEpoch }) => {
    if (told.at(-1)?.[0] !== fetchOffset) told.push([fetchOffset, lastFetchedEpoch]);
    if (fetchOffset < 5) return { records: batch(fetchOffset, 4) };
    // What was at 3 and 4 in epoch 4 was lost.
    if (lastFetchedEpoch === 4) return { divergingEpoch: { epoch: 2, endOffset: 3 } };
    return { records: batch(fetchOffset, 5) };
  });
  reader.assign([{ topic: 't', partition: 0, offset: 4, leaderEpoch: 4 }]);
  expect(await next(reader)).toBe('4@4');
  expect(await next(reader)).toBe('3@4');
  expect(told.slice(0, 3)).toEqual([
    [4, 4],
    [5, 4],
    [3, 2],
  ]);
});

test('a log that was truncated is an error where auto.offset.reset is none', async () => {
  const { reader } = await readerOf(1, () => ({ divergingEpoch: { epoch: 2, endOffset: 3 } }), {
    'auto.offset.reset': 'none',
  });
  reader.assign([{ topic: 't', partition: 0, offset: 4, leaderEpoch: 4 }]);
  await expect(reader.poll(5_000)).rejects.toMatchObject({
    code: 'LOG_TRUNCATED',
    message: expect.stringMatching(/t-0 was read up to offset 4, and now it ends at 3/),
  });
});
