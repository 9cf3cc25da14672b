import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { xxhash32 } from '../../src/compression/xxhash32.ts';
import { compress, decompress } from '../../src/index.ts';

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
const limit = 10_000_000;

function noise(length: number, alphabet = 256): Buffer {
  let state = length + 1;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) % alphabet;
    }),
  );
}

const inputs: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['twelve bytes', Buffer.from('aaaaaaaaaaaa')],
  ['thirteen bytes', Buffer.from('aaaaaaaaaaaaa')],
  ['a long run', Buffer.alloc(300_000, 'z')],
  ['noise', noise(200_000)],
  ['few letters', noise(200_000, 4)],
  ['lines', Buffer.from(Array.from({ length: 5000 }, (_, index) => `line ${index} of the file`).join('\n'))],
  ['noise twice, farther apart than a block', Buffer.concat([noise(70_000), noise(70_000)])],
  ...[15, 16, 17, 60, 61, 64, 68, 69, 255, 256, 257, 32_768, 32_769, 65_535, 65_536, 65_537].map(
    (length): [string, Buffer] => [`${length} of three letters`, noise(length, 3)],
  ),
];

describe.each(codecs)('%s', (codec) => {
  test.each(inputs)('gives %s back', (_name, input) => {
    const header = Buffer.from('header');
    const compressed = compress(codec, Buffer.concat([header, input]), header.length);
    expect(decompress(codec, compressed, header.length, compressed.length, limit).equals(input)).toBe(true);
  });

  test('makes lines smaller', () => {
    const [, lines] = inputs.find(([name]) => name === 'lines')!;
    expect(compress(codec, lines, 0).length).toBeLessThan(lines.length / 2);
  });

  test('refuses what is cut off anywhere', () => {
    const compressed = compress(codec, Buffer.from('abcabcabcabcabc'.repeat(20)), 0);
    for (let end = 1; end < compressed.length; end++) {
      if (codec === 'snappy' && end === 16) continue;
      expect(() => decompress(codec, compressed, 0, end, limit), `${end}`).toThrow(
        expect.objectContaining({ name: 'ProtocolError' }),
      );
    }
  });
});

describe('formats of other writers', () => {
  test('Snappy without framing', () => {
    const raw = Buffer.from([11, 10 << 2, ...Buffer.from('hello world')]);
    expect(decompress('snappy', raw, 0, raw.length, limit).toString()).toBe('hello world');
  });

  test('Snappy copies with distances of one, two and four bytes', () => {
    const raw = Buffer.from([20, 3 << 2, ...Buffer.from('abcd'), 1, 4, (3 << 2) | 2, 8, 0, (7 << 2) | 3, 12, 0, 0, 0]);
    expect(decompress('snappy', raw, 0, raw.length, limit).toString()).toBe('abcd'.repeat(5));
  });

  test('LZ4 with linked blocks, block checksums, content size and content checksum', () => {
    const content = Buffer.from('abcdefgh'.repeat(3));
    const descriptor = Buffer.from([0x40 | 0x10 | 0x08 | 0x04, 0x40, content.length, 0, 0, 0, 0, 0, 0, 0]);
    const first = Buffer.from([0x80, ...Buffer.from('abcdefgh')]);
    const second = Buffer.from([0x07, 8, 0, 0x50, ...Buffer.from('defgh')]);
    const block = (bytes: Buffer) => {
      const framing = Buffer.alloc(8);
      framing.writeUInt32LE(bytes.length, 0);
      framing.writeUInt32LE(xxhash32(bytes, 0, bytes.length), 4);
      return [framing.subarray(0, 4), bytes, framing.subarray(4)];
    };
    const end = Buffer.alloc(8);
    end.writeUInt32LE(xxhash32(content, 0, content.length), 4);
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    const frame = Buffer.concat([
      skippable,
      Buffer.from([0x04, 0x22, 0x4d, 0x18]),
      descriptor,
      Buffer.from([(xxhash32(descriptor, 0, descriptor.length) >>> 8) & 255]),
      ...block(first),
      ...block(second),
      end,
    ]);
    expect(decompress('lz4', frame, 0, frame.length, limit).toString()).toBe(content.toString());
    frame[frame.length - 1] = frame[frame.length - 1]! ^ 1;
    expect(() => decompress('lz4', frame, 0, frame.length, limit)).toThrow(/content checksum/);
  });

  test('gzip of several members', () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync('two')]);
    expect(decompress('gzip', members, 0, members.length, limit).toString()).toBe('one two');
  });

  test('zstd of several frames', () => {
    const frames = Buffer.concat([zstdCompressSync('one '), zstdCompressSync('two')]);
    expect(decompress('zstd', frames, 0, frames.length, limit).toString()).toBe('one two');
  });
});

test.each([
  ['', 0x02cc5d05],
  ['a', 0x550d7456],
  ['abc', 0x32d153ff],
  ['Nobody inspects the spammish repetition', 0xe2293b2f],
])('xxHash32 of %j', (text, expected) => {
  const bytes = Buffer.from(text);
  expect(xxhash32(bytes, 0, bytes.length)).toBe(expected);
});
