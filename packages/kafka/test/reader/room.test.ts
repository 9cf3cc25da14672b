import { fetch, metadata, RecordBatchWriter, setBatchBaseOffset } from '@millrace/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { createReader } from '../../src/index.ts';
import { scriptedCluster } from '../support/scripted-broker.ts';

const bound = 10_000;
/** A broker never gives less, however little it is asked for. */
const smallestBatch = 100;

/** A batch of about that many bytes. */
function batch(offset: number, bytes: number): Buffer {
  const writer = new RecordBatchWriter();
  writer.begin();
  writer.append(1, null, Buffer.alloc(Math.max(0, bytes - 80)));
  const finished = writer.finish();
  setBatchBaseOffset(finished, offset, 5);
  return finished;
}

test('all brokers together are asked for no more than fetch.max.bytes, with what is buffered', async () => {
  const brokers = await scriptedCluster(3, [fetch]);
  let underWay = 0;
  let most = 0;
  /** By offset, for each partition. */
  const given = brokers.map(() => new Map<number, number>());
  const buffered = (): number =>
    given
      .flatMap((batches, partition) =>
        [...batches].map(([offset, bytes]) => (offset < (reader.position('t', partition) ?? 0) ? 0 : bytes)),
      )
      .reduce((sum, bytes) => sum + bytes, 0);
  for (const broker of brokers) {
    broker.on(metadata, () => ({
      brokers: brokers.map(({ node, port }) => ({ nodeId: node, host: '127.0.0.1', port })),
      clusterId: 'scripted',
      controllerId: 0,
      topics: [
        {
          errorCode: 0,
          name: 't',
          topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
          partitions: brokers.map(({ node }) => ({
            errorCode: 0,
            partitionIndex: node,
            leaderId: node,
            leaderEpoch: 5,
            replicaNodes: [node],
            isrNodes: [node],
          })),
        },
      ],
    }));
    broker.on(fetch, async ({ maxBytes, topics }) => {
      underWay += maxBytes;
      most = Math.max(most, underWay + buffered());
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= maxBytes;
      const asked = topics[0]?.partitions[0];
      const records = asked === undefined ? null : batch(asked.fetchOffset, maxBytes);
      if (asked !== undefined) given[broker.node]!.set(asked.fetchOffset, records!.length);
      const partition = { partitionIndex: broker.node, errorCode: 0, highWatermark: 1000, abortedTransactions: null };
      return { errorCode: 0, sessionId: 0, responses: [{ topic: 't', partitions: [{ ...partition, records }] }] };
    });
  }
  const reader = createReader({
    settings: { 'bootstrap.servers': `127.0.0.1:${brokers[0]!.port}`, 'fetch.max.bytes': bound },
  });
  onTestFinished(async () => {
    await reader.close();
    await Promise.all(brokers.map((broker) => broker.close()));
  });
  reader.assign(brokers.map(({ node }) => ({ topic: 't', partition: node, offset: 0 })));
  const read = new Map<number, number>();
  while (Math.min(...brokers.map(({ node }) => read.get(node) ?? 0)) < 20) {
    for (const records of await reader.poll(1000)) {
      while (records.next()) read.set(records.partition, (read.get(records.partition) ?? 0) + 1);
    }
  }
  expect(most).toBeGreaterThan(bound / 2);
  expect(most).toBeLessThanOrEqual(bound + brokers.length * smallestBatch);
});
