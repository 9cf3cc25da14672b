import { expect, test } from 'vitest';
import { murmur2, partitionForKey } from '../../src/index.ts';
import { readVectors } from '../vectors.ts';

test('keys go to the partitions that Java chooses', () => {
  for (const [base64, hash, partition] of readVectors<[string, number, number][]>('hashes')) {
    const bytes = Buffer.from(base64, 'base64');
    expect(murmur2(bytes)).toBe(hash);
    expect(partitionForKey(7, bytes)).toBe(partition);
    const within = Buffer.concat([Buffer.from('ab'), bytes, Buffer.from('c')]);
    expect(murmur2(within, 2, 2 + bytes.length)).toBe(hash);
  }
});
