import { describe, expect, test } from 'vitest';
import { type Api, apis, ByteReader, findApi, MessageWriter } from '../../src/index.ts';
import { fromJava, readVectors } from '../vectors.ts';

type Vector = [
  key: number,
  direction: 'request' | 'response',
  version: number,
  json: Record<string, unknown>,
  bytes: string,
];

const { messages, records } = readVectors<{ messages: Vector[]; records: string }>('messages');
const recordBytes = Buffer.from(records, 'base64');
const fetchKey = 1;

function codecOf(key: number, direction: 'request' | 'response') {
  return (findApi(key) as Api)[direction];
}

function encode(key: number, direction: 'request' | 'response', version: number, message: object): string {
  const writer = new MessageWriter(1);
  codecOf(key, direction).encode(version, writer, message as never);
  return Buffer.concat(writer.finish()).toString('base64');
}

describe.each(apis.map((api) => [api.name, api] as const))('%s', (_name, api) => {
  const vectors = messages.filter(([key]) => key === api.key);

  test('has a vector for every version that Kafka 4.3.1 accepts, in both directions', () => {
    const last = Number(/\d+$/.exec(api.layout.versions)?.[0]);
    const versions = Array.from({ length: last - api.minVersion + 1 }, (_, index) => api.minVersion + index);
    for (const direction of ['request', 'response'] as const) {
      const found = new Set(vectors.filter((vector) => vector[1] === direction).map((vector) => vector[2]));
      expect([...found]).toEqual(versions);
    }
  });

  test('reads what Java writes', () => {
    for (const [key, direction, version, json, bytes] of vectors) {
      const reader = new ByteReader(Buffer.from(bytes, 'base64'));
      const decoded = codecOf(key, direction).decode(version, reader);
      expect(reader.remaining).toBe(0);
      expect(decoded, `${direction} v${version}`).toMatchObject(fromJava(api.layout[direction], json, recordBytes));
    }
  });

  test('writes the same bytes as Java, from its JSON and from what was read', () => {
    for (const [key, direction, version, json, bytes] of vectors) {
      const message = fromJava(api.layout[direction], json, recordBytes);
      expect(encode(key, direction, version, message), `${direction} v${version}`).toBe(bytes);
      const decoded = codecOf(key, direction).decode(version, new ByteReader(Buffer.from(bytes, 'base64')));
      expect(encode(key, direction, version, decoded), `${direction} v${version} again`).toBe(bytes);
    }
  });
});

test('records are views of the frame and are written by reference', () => {
  const large = Buffer.alloc(100_000, 7);
  const response = {
    sessionId: 0,
    responses: [
      {
        topic: 'orders',
        partitions: [
          {
            partitionIndex: 0,
            errorCode: 0,
            highWatermark: 1,
            abortedTransactions: null,
            records: [large, large],
          },
        ],
      },
    ],
  };
  const writer = new MessageWriter();
  codecOf(fetchKey, 'response').encode(11, writer, response as never);
  const pieces = writer.finish();
  expect(pieces.filter((piece) => piece === large)).toHaveLength(2);
  const frame = Buffer.concat(pieces);
  const decoded = codecOf(fetchKey, 'response').decode(11, new ByteReader(frame)) as {
    responses: { partitions: { records: Buffer }[] }[];
  };
  const read = decoded.responses[0]!.partitions[0]!.records;
  expect(read.length).toBe(200_000);
  expect(read.buffer).toBe(frame.buffer);
});
