import { expect, test } from 'vitest';
import { OffsetTracker } from '../../src/source/offset-tracker.ts';
import type { SourcePartition, Stretch } from '../../src/source/source-partition.ts';
import { SourcePartitions } from '../../src/source/source-partitions.ts';

const partitions = new SourcePartitions();

function stretches(tracker: OffsetTracker, partition: SourcePartition, count: number): Stretch[] {
  return Array.from({ length: count }, (_, index) => {
    const stretch = tracker.stretch(partition, {});
    stretch.outstanding = 2;
    stretch.offset = { at: index };
    return stretch;
  });
}
const taken = (tracker: OffsetTracker): unknown[] => [...tracker.take().values()].map((offset) => offset?.['at']);

test('only the acknowledged prefix can be committed', () => {
  const tracker = new OffsetTracker();
  const [first, second, third] = stretches(tracker, partitions.find({ a: 1 }), 3) as [Stretch, Stretch, Stretch];
  tracker.done(second, 2);
  tracker.done(first, 1);
  expect(taken(tracker)).toEqual([]);
  tracker.done(first, 1);
  expect(taken(tracker)).toEqual([1]);
  tracker.done(third, 2);
  expect(taken(tracker)).toEqual([2]);
  expect(taken(tracker)).toEqual([]);
});

test('a partition that is stuck holds back no other one, and keeps little', () => {
  const tracker = new OffsetTracker();
  const stuck = partitions.find({ a: 'stuck' });
  const all = stretches(tracker, stuck, 1000);
  for (const stretch of all.slice(1)) tracker.done(stretch, 2);
  const [other] = stretches(tracker, partitions.find({ a: 'other' }), 1) as [Stretch];
  tracker.done(other, 2);
  expect(taken(tracker)).toEqual([0]);
  let kept = 0;
  for (let stretch = stuck.first; stretch !== undefined; stretch = stretch.next) kept++;
  expect(kept).toBe(2);
  tracker.done(all[0] as Stretch, 2);
  expect(taken(tracker)).toEqual([999]);
  expect(stuck.first).toBe(undefined);
  expect(stuck.last).toBe(undefined);
});

test('acknowledgements in any order end with the last offset', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const tracker = new OffsetTracker();
    const partition = partitions.find({ seed });
    const all = stretches(tracker, partition, 20);
    const done = new Set<number>();
    let state = seed;
    let highest = -1;
    while (done.size < all.length) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      const index = (state >> 16) % all.length;
      if (done.has(index)) continue;
      done.add(index);
      tracker.done(all[index] as Stretch, 2);
      while (done.has(highest + 1)) highest++;
      const [committable = highest] = taken(tracker);
      expect(committable).toBe(highest);
    }
    expect(highest).toBe(19);
    expect(partition.first).toBe(undefined);
  }
});

test('what could not be committed comes back unless there is something newer', () => {
  const tracker = new OffsetTracker();
  const [one, two] = [partitions.find({ b: 1 }), partitions.find({ b: 2 })];
  const [a, b] = stretches(tracker, one, 2) as [Stretch, Stretch];
  const [c] = stretches(tracker, two, 1) as [Stretch];
  tracker.done(a, 2);
  tracker.done(c, 2);
  const lost = tracker.take();
  tracker.done(b, 2);
  tracker.restore(lost);
  expect(taken(tracker)).toEqual([1, 0]);
});

test('a partition is one object, by identity and by meaning', () => {
  const interned = partitions.intern({ file: 'a', number: 1 });
  expect(partitions.intern({ number: 1n, file: 'a' })).toBe(interned);
  expect(partitions.find(interned)).toBe(partitions.find({ file: 'a', number: 1 }));
  expect(partitions.intern({ file: 'a', number: '1' })).not.toBe(interned);
  expect(Object.isFrozen(interned)).toBe(true);
});
