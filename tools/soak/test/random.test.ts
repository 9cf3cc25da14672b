import { expect, test } from 'vitest';
import { fit } from '../src/fit.ts';
import { Random } from '../src/random.ts';

test('the same seed makes the same decisions', () => {
  const decisions = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 100 }, () => random.between(0, 9));
  };
  expect(decisions(7)).toEqual(decisions(7));
  expect(decisions(7)).not.toEqual(decisions(8));
  expect(new Set(decisions(7))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});

test('a straight line through values says how far they rise', () => {
  expect(fit([1, 2, 3, 4]).growth).toBeCloseTo(3);
  expect(fit([5, 9, 5, 9, 5]).growth).toBeCloseTo(0);
  expect(fit([3]).growth).toBe(0);
});
