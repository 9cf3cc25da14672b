import { expect, test } from 'vitest';
import { type Api, ByteReader, findApi, ProtocolError, RecordBatchReader } from '../../src/index.ts';
import { readVectors } from '../vectors.ts';

/** Deterministic, so that a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x100000000) * below);
  };
}

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const mutated = Buffer.from(bytes.subarray(0, random(4) === 0 ? random(bytes.length + 1) : bytes.length));
  for (let count = 1 + random(4); count > 0 && mutated.length > 0; count--) {
    mutated[random(mutated.length)] = [0, 0x7f, 0x80, 0xff, random(256)][random(5)]!;
  }
  return mutated;
}

function outcome(run: () => void): 'read' | 'refused' {
  try {
    run();
    return 'read';
  } catch (error) {
    if (error instanceof ProtocolError && error.message.length > 10) return 'refused';
    throw error;
  }
}

test('10,000 mutated messages are read or refused with a ProtocolError that says where', { timeout: 60_000 }, () => {
  const { messages } = readVectors<{ messages: [number, 'request' | 'response', number, object, string][] }>(
    'messages',
  );
  const random = randomNumbers(1);
  const counts = { read: 0, refused: 0 };
  for (let round = 0; round < 10_000; round++) {
    const [key, direction, version, , bytes] = messages[random(messages.length)]!;
    const mutated = mutate(Buffer.from(bytes, 'base64'), random);
    counts[outcome(() => (findApi(key) as Api)[direction].decode(version, new ByteReader(mutated)))]++;
  }
  expect(counts.read).toBeGreaterThan(1000);
  expect(counts.refused).toBeGreaterThan(1000);
});

test('10,000 mutated record batches are read or refused, with and without checksums', { timeout: 60_000 }, () => {
  const { batches, large } = readVectors<{ batches: { bytes: string }[]; large: { bytes: string }[] }>('records');
  const originals = [...batches, ...large].map(({ bytes }) => Buffer.from(bytes, 'base64'));
  const random = randomNumbers(2);
  const counts = { read: 0, refused: 0 };
  const limit = 1024 * 1024;
  for (let round = 0; round < 10_000; round++) {
    const mutated = mutate(originals[random(originals.length)]!, random);
    const reader = new RecordBatchReader({ checksums: round % 10 === 0, maxDecompressedBytes: limit });
    reader.reset(mutated);
    let seen = 0;
    let furthest = 0;
    counts[
      outcome(() => {
        while (reader.nextBatch()) {
          while (reader.next()) {
            furthest = Math.max(furthest, reader.keyEnd - reader.buffer.length, reader.valueEnd - reader.buffer.length);
            while (reader.nextHeader()) seen++;
          }
        }
      })
    ]++;
    expect(seen).toBeLessThan(limit);
    expect(furthest).toBe(0);
    expect(reader.buffer.length).toBeLessThanOrEqual(Math.max(limit, mutated.length));
  }
  expect(counts.read).toBeGreaterThan(500);
  expect(counts.refused).toBeGreaterThan(1000);
});
