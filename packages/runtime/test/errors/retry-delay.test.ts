import { expect, test } from 'vitest';
import { retryDelay } from '../../src/errors/retry-delay.ts';

const middle = (): number => 0.5;

test('nothing is tried again without a retry timeout', () => {
  expect(retryDelay(1, 0, { timeoutMs: 0, maxDelayMs: 60_000 })).toBeUndefined();
});

test('the delay doubles from 300 ms', () => {
  const delays = [1, 2, 3, 4].map((attempt) => retryDelay(attempt, 0, { timeoutMs: -1, maxDelayMs: 60_000 }));
  expect(delays).toEqual([300, 600, 1200, 2400]);
});

test('beyond the longest delay it is random below it', () => {
  expect(retryDelay(9, 0, { timeoutMs: -1, maxDelayMs: 60_000 }, middle)).toBe(30_000);
  expect(retryDelay(5000, 0, { timeoutMs: -1, maxDelayMs: 1000 }, middle)).toBe(500);
});

test('it ends with the time that there is', () => {
  expect(retryDelay(3, 900, { timeoutMs: 1000, maxDelayMs: 60_000 })).toBe(100);
  expect(retryDelay(4, 1000, { timeoutMs: 1000, maxDelayMs: 60_000 })).toBeUndefined();
});
