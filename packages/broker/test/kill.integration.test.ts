import { expect, test } from 'vitest';
import { batchOf, recordsIn } from './support/batches.ts';
import { startBrokerProcess } from './support/broker-process.ts';
import { type TestClient, temporaryDirectory, testClient } from './support/test-broker.ts';

const padding = '.'.repeat(200);

/** Writes until the broker is gone; the numbers that were acknowledged. */
async function writeUntilKilled(client: TestClient, from: number, producerEpoch: number): Promise<number> {
  let acknowledged = from;
  let next = from;
  const writer = async (): Promise<void> => {
    for (;;) {
      const number = next++;
      const producer = { producerId: 1, producerEpoch, baseSequence: number - from };
      const { errorCode } = await client.produce('t', batchOf([`${number} ${padding}`], { producer }));
      if (errorCode !== 0) throw new Error(`the broker answered ${errorCode}`);
      acknowledged = Math.max(acknowledged, number + 1);
    }
  };
  await Promise.allSettled(Array.from({ length: 5 }, writer));
  return acknowledged;
}

async function readNumbers(client: TestClient): Promise<number[]> {
  const numbers: number[] = [];
  for (let offset = 0; ; ) {
    const records = recordsIn((await client.fetch('t', offset)).records);
    if (records.length === 0) return numbers;
    numbers.push(...records.map(({ value }) => Number.parseInt(value ?? '', 10)));
    offset = records.at(-1)!.offset + 1;
  }
}

test('no acknowledged record is lost or doubled when the broker is killed again and again', async () => {
  const data = temporaryDirectory();
  let next = 0;
  for (let round = 0; round < 6; round++) {
    const broker = await startBrokerProcess({ data });
    const client = await testClient(broker);
    if (round === 0) await client.createTopic('t', { 'segment.bytes': '20000' });
    const present = await readNumbers(client);
    // Everything acknowledged is there; of what was in flight, some may be.
    expect(present.length).toBeGreaterThanOrEqual(next);
    expect(present).toEqual(present.map((_number, index) => index));
    const writing = writeUntilKilled(client, present.length, round);
    setTimeout(() => void broker.kill9(), 150 + 60 * round);
    next = await writing;
  }
  const client = await testClient(await startBrokerProcess({ data }));
  const present = await readNumbers(client);
  expect(present.length).toBeGreaterThanOrEqual(next);
  expect(present).toEqual(present.map((_number, index) => index));
  expect(present.length).toBeGreaterThan(500);
}, 60_000);

test('a transaction that was open when the broker was killed goes on, and one that was committed stays so', async () => {
  const data = temporaryDirectory();
  const first = await startBrokerProcess({ data });
  const before = await testClient(first);
  await before.createTopic('t');
  const { producerId, producerEpoch } = await before.initialize('tx');
  const producer = { transactionalId: 'tx', producerId, producerEpoch };
  const write = (client: TestClient, baseSequence: number) =>
    client.produce('t', batchOf(['tx'], { producer: { ...producer, baseSequence }, transactional: true }), producer);
  await before.begin(producer, 't');
  await write(before, 0);
  await before.end(producer, true);
  await before.begin(producer, 't');
  await write(before, 1);
  await first.kill9();
  const client = await testClient(await startBrokerProcess({ data }));
  expect(await client.fetch('t', 0, { committed: true })).toMatchObject({ lastStableOffset: 2, highWatermark: 3 });
  expect((await write(client, 2)).errorCode).toBe(0);
  expect((await client.end(producer, false)).errorCode).toBe(0);
  const { abortedTransactions } = await client.fetch('t', 0, { committed: true });
  expect(abortedTransactions).toEqual([{ producerId, firstOffset: 2 }]);
}, 30_000);
