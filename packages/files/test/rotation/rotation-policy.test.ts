import { expect, test } from 'vitest';
import { isFull } from '../../src/index.ts';

const never = { maxRecords: null, maxBytes: null, maxAge: null };
const file = { records: 10, bytes: 1000, openedAt: 5000 };

test.each([
  [never, false],
  [{ ...never, maxRecords: 10 }, true],
  [{ ...never, maxRecords: 11 }, false],
  [{ ...never, maxBytes: 1000 }, true],
  [{ ...never, maxAge: 1000 }, true],
  [{ ...never, maxAge: 1001 }, false],
])('with %o a file is full: %s', (limits, full) => {
  expect(isFull(limits, file, 6000)).toBe(full);
});

test('a file with no record never is', () => {
  expect(isFull({ ...never, maxAge: 0 }, { ...file, records: 0 }, 9000)).toBe(false);
});
