import { describe, expect, it } from 'vitest';
import { ReceiveBuffer } from '../../src/kafkajs/receive-buffer.ts';

function frame(size: number, first = 0): Buffer {
  const bytes = Buffer.from(Array.from({ length: size + 4 }, (_, index) => (first + index) & 255));
  bytes.writeInt32BE(size, 0);
  return bytes;
}

/** Feeds a stream in reads of that size, and gives what comes out, each piece by itself. */
function receive(stream: Buffer, readBytes: number): Buffer[] {
  const pieces: Buffer[] = [];
  const buffer = new ReceiveBuffer((bytes) => pieces.push(bytes));
  for (let at = 0; at < stream.length; ) {
    const { free } = buffer;
    const count = stream.copy(free, 0, at, Math.min(stream.length, at + Math.min(readBytes, free.length)));
    if (count === 0) throw new Error('there is no room');
    buffer.received(count);
    at += count;
  }
  return pieces;
}

describe('the receive buffer', () => {
  const stream = Buffer.concat([
    frame(10),
    frame(0),
    frame(300_000, 7),
    frame(65_532),
    frame(65_533),
    frame(3),
    frame(90_000),
  ]);

  it.each([1, 3, 4, 5, 1000, 65_536, 1_000_000])('passes everything on in its order, in reads of %i bytes', (size) => {
    const pieces = receive(stream, size);
    expect(Buffer.concat(pieces).equals(stream)).toBe(true);
    expect(pieces.map(({ length }) => length)).toContain(300_004);
  });

  it('never uses bytes again that it has passed on', () => {
    const [first, ...rest] = receive(Buffer.concat([frame(50, 1), frame(50, 2)]), 54);
    expect(first?.equals(frame(50, 1))).toBe(true);
    expect(rest.map((piece) => piece.equals(frame(50, 2)))).toEqual([true]);
  });

  it.each([-1, 0x7fffffff, 0x48545450])(
    'passes on a stream that announces %i bytes, and keeps nothing for it',
    (length) => {
      const nonsense = Buffer.alloc(1000, 'x');
      nonsense.writeInt32BE(length, 0);
      const pieces = receive(Buffer.concat([frame(5), nonsense]), 100);
      expect(Buffer.concat(pieces).equals(Buffer.concat([frame(5), nonsense]))).toBe(true);
      expect(Math.max(...pieces.map(({ buffer }) => buffer.byteLength))).toBeLessThanOrEqual(65_536);
    },
  );
});
