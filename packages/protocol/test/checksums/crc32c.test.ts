import { expect, test } from 'vitest';
import { crc32cInJavaScript } from '../../src/checksums/crc32c.ts';
import { crc32c } from '../../src/index.ts';
import { readVectors } from '../vectors.ts';

const vectors = readVectors<[bytes: string, murmur2: number, partition: number, crc32c: number][]>('hashes');

test('CRC-32C is that of Java, at any alignment', () => {
  for (const [base64, , , expected] of vectors) {
    const bytes = Buffer.from(base64, 'base64');
    for (let shift = 0; shift < 5; shift++) {
      const shifted = new Uint8Array(shift + bytes.length + 3);
      shifted.set(bytes, shift);
      expect(crc32c(shifted, shift, shift + bytes.length)).toBe(expected);
    }
  }
});

test('native code and JavaScript agree on long ranges', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) >>> 3);
  for (const start of [0, 1, 2, 3]) expect(crc32c(bytes, start)).toBe(crc32cInJavaScript(bytes, start, bytes.length));
});
