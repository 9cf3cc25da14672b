/** Messages per second of the message codec. Run it with Node 24: `node packages/protocol/test/bench/messages.ts`. */
import { ByteReader, fetch, MessageWriter, metadata } from '../../src/index.ts';

const partitions = 1000;

function best(name: string, run: () => void): void {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let repeat = 0; repeat < 50; repeat++) run();
    milliseconds = Math.min(milliseconds, (performance.now() - start) / 50);
  }
  process.stdout.write(
    `${name.padEnd(40)} ${((milliseconds / partitions) * 1e6).toFixed(0).padStart(6)} ns per partition\n`,
  );
}

const indexes = Array.from({ length: partitions }, (_, index) => index);
const metadataResponse = {
  brokers: [{ nodeId: 1, host: 'localhost', port: 9092 }],
  topics: [
    {
      errorCode: 0,
      name: 'orders',
      topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      partitions: indexes.map((partitionIndex) => ({
        errorCode: 0,
        partitionIndex,
        leaderId: 1,
        leaderEpoch: 5,
        replicaNodes: [1, 2, 3],
        isrNodes: [1, 2, 3],
      })),
    },
  ],
};
const fetchRequest = {
  maxWaitMs: 500,
  minBytes: 1,
  sessionId: 5,
  sessionEpoch: 3,
  topics: [
    {
      topic: 'orders',
      topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      partitions: indexes.map((partition) => ({
        partition,
        fetchOffset: partition * 1000,
        partitionMaxBytes: 1_048_576,
      })),
    },
  ],
};
const fetchResponse = {
  sessionId: 5,
  responses: [
    {
      topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      partitions: indexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: 0,
        highWatermark: 10,
        abortedTransactions: null,
        records: Buffer.alloc(100),
      })),
    },
  ],
};

function encoded(write: (writer: MessageWriter) => void): Buffer {
  const writer = new MessageWriter();
  write(writer);
  return Buffer.concat(writer.finish());
}

const metadataBytes = encoded((writer) => metadata.response.encode(12, writer, metadataResponse));
const fetchBytes = encoded((writer) => fetch.response.encode(17, writer, fetchResponse));
best('Metadata response: encode', () => metadata.response.encode(12, new MessageWriter(), metadataResponse));
best('Metadata response: decode', () => metadata.response.decode(12, new ByteReader(metadataBytes)));
best('Fetch request: encode', () => fetch.request.encode(17, new MessageWriter(), fetchRequest));
best('Fetch response: encode', () => fetch.response.encode(17, new MessageWriter(), fetchResponse));
best('Fetch response: decode', () => fetch.response.decode(17, new ByteReader(fetchBytes)));
