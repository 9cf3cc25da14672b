import { expect, test } from 'vitest';
import { describeErrorCode, errorCode } from '../src/index.ts';
import { readVectors } from './vectors.ts';

const vectors = readVectors<[code: number, name: string, retriable: boolean, refreshes: boolean][]>('errors');

test('error codes are those of Kafka 4.3.1, and are retried as Java does', () => {
  expect(Object.keys(errorCode)).toHaveLength(vectors.length);
  for (const [code, name, retriable, refreshesMetadata] of vectors) {
    expect(describeErrorCode(code)).toEqual({ code, name, retriable, refreshesMetadata });
  }
});

test('a code from a newer broker has a name that shows it', () => {
  expect(describeErrorCode(9999)).toMatchObject({ name: 'UNKNOWN(9999)', retriable: false });
});
