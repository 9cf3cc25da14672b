import { describe, expect, test } from 'vitest';
import { readBatchInfo } from '../src/log/batch-info.ts';
import { ProducerStates } from '../src/log/producer-states.ts';
import { batchOf } from './support/batches.ts';

const info = (baseSequence: number, records: number, producerEpoch = 0, transactional = false) => {
  const values = Array.from({ length: records }, (_value, index) => `r${index}`);
  const batch = batchOf(values, { producer: { producerId: 7, producerEpoch, baseSequence }, transactional });
  return readBatchInfo(batch, 0, batch.length)!;
};

const error = (run: () => unknown): unknown => {
  try {
    run();
    return undefined;
  } catch (caught) {
    return (caught as { error: string }).error;
  }
};

describe('what is known about producers', () => {
  test('answers a copy of one of the last five batches with the offset of the first', () => {
    const states = new ProducerStates();
    for (let index = 0; index < 6; index++) {
      expect(states.check(info(index * 10, 10))).toBeUndefined();
      states.append(info(index * 10, 10), index * 10);
    }
    for (let index = 1; index < 6; index++) expect(states.check(info(index * 10, 10))?.baseOffset).toBe(index * 10);
    expect(error(() => states.check(info(0, 10)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
  });

  test('refuses a gap, and a batch that overlaps', () => {
    const states = new ProducerStates();
    states.append(info(0, 10), 0);
    expect(error(() => states.check(info(11, 1)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(error(() => states.check(info(9, 2)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(states.check(info(10, 1))).toBeUndefined();
  });

  test('lets sequences go around at 2³¹, also within a batch', () => {
    const states = new ProducerStates();
    states.append(info(0x7fff_fffe, 2), 0);
    expect(states.check(info(0, 1))).toBeUndefined();
    const within = new ProducerStates();
    within.append(info(0x7fff_fffe, 3), 0);
    expect(within.check(info(0x7fff_fffe, 3))?.baseOffset).toBe(0);
    expect(within.check(info(1, 1))).toBeUndefined();
    expect(error(() => within.check(info(0, 1)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
  });

  test('fences older epochs and lets a newer one begin at 0', () => {
    const states = new ProducerStates();
    states.append(info(5, 1, 3), 0);
    expect(error(() => states.check(info(6, 1, 2)))).toBe('INVALID_PRODUCER_EPOCH');
    expect(error(() => states.check(info(6, 1, 4)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(states.check(info(0, 1, 4))).toBeUndefined();
  });

  test('accepts any sequence of a producer that it does not know', () => {
    expect(new ProducerStates().check(info(1234, 1))).toBeUndefined();
  });

  test('keeps the first open offset and the aborted transactions, over a snapshot too', () => {
    const states = new ProducerStates();
    states.append(info(0, 5, 0, true), 100);
    states.append(info(5, 5, 0, true), 105);
    expect(states.firstOpenOffset()).toBe(100);
    const end = { producerId: 7, producerEpoch: 0, coordinatorEpoch: 0, committed: false, offset: 110, timestamp: 1 };
    states.end(end);
    expect(states.firstOpenOffset()).toBeUndefined();
    const restored = new ProducerStates();
    restored.restore(JSON.parse(JSON.stringify(states.snapshot())));
    expect(restored.abortedIn(0, 101)).toEqual([{ producerId: 7, firstOffset: 100, lastOffset: 110 }]);
    expect(restored.abortedIn(111, 200)).toEqual([]);
    expect(restored.abortedIn(0, 100)).toEqual([]);
    expect(restored.check(info(10, 1))).toBeUndefined();
    restored.forget(Number.POSITIVE_INFINITY, 111);
    expect(restored.abortedIn(0, 200)).toEqual([]);
    expect(restored.active()).toEqual([]);
  });
});
