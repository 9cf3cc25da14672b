import { errorCode, fetch, metadata } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { batchOf, valuesIn } from './support/batches.ts';
import { type TestClient, testBroker, testClient } from './support/test-broker.ts';

const fetchSession = async (
  client: TestClient,
  sessionId: number,
  sessionEpoch: number,
  topicId: string,
  offsets: Record<number, number>,
  forgotten: number[] = [],
) =>
  client.raw.call(fetch, 13, {
    maxWaitMs: 0,
    minBytes: 1,
    sessionId,
    sessionEpoch,
    topics: [
      {
        topicId,
        partitions: Object.entries(offsets).map(([partition, fetchOffset]) => ({
          partition: Number(partition),
          fetchOffset,
          partitionMaxBytes: 100_000,
        })),
      },
    ],
    forgottenTopicsData: forgotten.length === 0 ? [] : [{ topicId, partitions: forgotten }],
  });

test('a fetch session answers with what has changed, and remembers the rest', async () => {
  const client = await testClient(await testBroker());
  await client.createTopic('t', {}, 3);
  const { topics } = await client.raw.call(metadata, 12, { topics: [{ name: 't' }] });
  const { topicId } = topics[0]!;
  const first = await fetchSession(client, 0, 0, topicId, { 0: 0, 1: 0, 2: 0 });
  const { sessionId } = first;
  expect(sessionId).toBeGreaterThan(0);
  expect(first.responses[0]!.partitions.map(({ partitionIndex }) => partitionIndex)).toEqual([0, 1, 2]);
  expect((await fetchSession(client, sessionId, 1, topicId, {})).responses).toEqual([]);
  await client.produce('t', batchOf(['a']), { partition: 1 });
  const second = await fetchSession(client, sessionId, 2, topicId, {});
  expect(
    second.responses[0]!.partitions.map(({ partitionIndex, records }) => [partitionIndex, valuesIn(records)]),
  ).toEqual([[1, ['a']]]);
  expect((await fetchSession(client, sessionId, 3, topicId, { 1: 1 }, [0])).responses).toEqual([]);
  await client.produce('t', batchOf(['forgotten']), { partition: 0 });
  expect((await fetchSession(client, sessionId, 4, topicId, {})).responses).toEqual([]);
  expect((await fetchSession(client, sessionId, 9, topicId, {})).errorCode).toBe(errorCode.INVALID_FETCH_SESSION_EPOCH);
  expect((await fetchSession(client, 12345, 1, topicId, {})).errorCode).toBe(errorCode.FETCH_SESSION_ID_NOT_FOUND);
  expect((await fetchSession(client, sessionId, -1, topicId, { 0: 0 })).sessionId).toBe(0);
  expect((await fetchSession(client, sessionId, 5, topicId, {})).errorCode).toBe(errorCode.FETCH_SESSION_ID_NOT_FOUND);
});

test('a topic id that is not known is an error of its partition', async () => {
  const client = await testClient(await testBroker());
  const answer = await fetchSession(client, 0, -1, 'AAAAAAAAAAAAAAAAAAAAAQ', { 0: 0 });
  expect(answer.responses[0]!.partitions[0]!.errorCode).toBe(errorCode.UNKNOWN_TOPIC_ID);
});
