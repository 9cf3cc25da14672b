import { describe, expect, test } from 'vitest';
import { Accumulator } from '../../src/producer/accumulator.ts';
import type { Batch } from '../../src/producer/batch.ts';
import type { PartitionQueue } from '../../src/producer/partition-queue.ts';

function accumulator(
  options: { batchSize?: number; lingerMs?: number; firstSequence?: number; now?: () => number } = {},
): Accumulator {
  const { batchSize = 100, lingerMs = 10, firstSequence = 0, now = () => 0 } = options;
  return new Accumulator({
    limits: { batchSize, lingerMs, bufferMemory: 10_000, maxRequestSize: 5_000 },
    now,
    check: () => undefined,
    onReady: () => undefined,
    onOpened: () => undefined,
    firstSequence,
  });
}

function append(queue: PartitionQueue, value = 'x'): void {
  const writer = queue.begin(0);
  writer.key(null);
  writer.value(Buffer.from(value));
  queue.end();
}

/** Closes a batch of that many records and sends it. */
function send(queue: PartitionQueue, records: number): Batch {
  for (let index = 0; index < records; index++) append(queue);
  queue.close();
  queue.established = true;
  const batch = queue.next(0, 5, false)!;
  queue.start(batch);
  return batch;
}

describe('a partition queue', () => {
  test('gives each batch the sequence behind the one before', () => {
    const queue = accumulator({ firstSequence: 0x7fffffff - 1 }).queue('t', 0);
    expect([send(queue, 2), send(queue, 3), send(queue, 1)].map(({ sequence }) => sequence)).toEqual([
      0x7ffffffe, 0, 3,
    ]);
  });

  test('sends nothing new, and only the oldest again, while something waits to be sent again', () => {
    const queue = accumulator().queue('t', 0);
    const [first, second] = [send(queue, 1), send(queue, 1)];
    append(queue);
    queue.close();
    queue.retry(second, 0);
    expect(queue.next(0, 5, false)).toBeUndefined();
    queue.retry(first, 50);
    expect(queue.next(49, 5, false)).toBeUndefined();
    expect(queue.next(50, 5, false)).toBe(first);
    queue.start(first);
    expect(queue.next(50, 5, false)).toBeUndefined();
    queue.resolve(first);
    expect(queue.next(50, 5, false)).toBe(second);
    expect([first.sequence, second.sequence]).toEqual([0, 1]);
  });

  test('moves the later ones up when a batch is refused for good', () => {
    const queue = accumulator({ firstSequence: 0x7fffffff }).queue('t', 0);
    const [first, second] = [send(queue, 3), send(queue, 2)];
    queue.reject(first);
    expect(second.sequence).toBe(0x7fffffff);
    expect(send(queue, 1).sequence).toBe(1);
  });

  test('begins at sequence 0 in a new epoch, with what is not resolved first', () => {
    const queue = accumulator({ firstSequence: 70 }).queue('t', 0);
    const [first, second] = [send(queue, 3), send(queue, 2)];
    queue.gap = true;
    queue.retry(first, 0);
    queue.retry(second, 0);
    expect(queue.next(0, 5, false)).toBeUndefined();
    queue.restartSequences();
    expect([first.sequence, second.sequence, queue.sequence]).toEqual([0, 3, 5]);
    expect(queue.next(0, 5, false)).toBe(first);
  });

  test('has at most the allowed number on their way', () => {
    const queue = accumulator().queue('t', 0);
    send(queue, 1);
    append(queue);
    queue.close();
    expect(queue.next(0, 1, false)).toBeUndefined();
    expect(queue.next(0, 2, false)).toBeDefined();
    expect(queue.next(0, 2, true)).toBeUndefined();
  });

  test('takes a record away that is too large, and keeps those before it', () => {
    const queue = accumulator({ batchSize: 100_000 }).queue('t', 0);
    append(queue);
    expect(() => append(queue, 'y'.repeat(6_000))).toThrow('max.request.size');
    append(queue);
    expect(queue.open?.count).toBe(2);
  });
});

describe('a partition that the broker has acknowledged nothing of', () => {
  test('has one batch on its way, because a broker takes any first sequence of a producer', () => {
    const queue = accumulator().queue('t', 0);
    for (let index = 0; index < 2; index++) {
      append(queue);
      queue.close();
    }
    const first = queue.next(0, 5, false)!;
    queue.start(first);
    expect(queue.next(0, 5, false)).toBeUndefined();
    queue.resolve(first);
    queue.established = true;
    queue.start(queue.next(0, 5, false)!);
    append(queue);
    queue.close();
    expect(queue.next(0, 5, false)).toBeDefined();
  });
});

describe('the accumulator', () => {
  test('closes batches when they are full, and when they are due', () => {
    let now = 0;
    const all = accumulator({ now: () => now });
    const [full, due, later] = [all.queue('t', 0), all.queue('t', 1), all.queue('t', 2)];
    append(due);
    now = 4;
    append(later);
    append(full, 'z'.repeat(100));
    expect([full, due, later].map(({ ready }) => ready.length)).toEqual([1, 0, 0]);
    expect(all.nextDue()).toBe(10);
    all.closeDue(10);
    expect([full, due, later].map(({ ready }) => ready.length)).toEqual([1, 1, 0]);
    expect(all.nextDue()).toBe(14);
  });

  test('has no room once its memory is used up, and has it back afterwards', () => {
    const all = accumulator();
    const queue = all.queue('t', 0);
    while (all.hasRoom) append(queue, 'z'.repeat(1_000));
    expect(() => queue.begin(0)).toThrow('buffer.memory');
    for (const batch of [...all.incomplete]) all.release(batch);
    expect(all.memory).toBe(0);
    expect(all.hasRoom).toBe(true);
  });

  test('forgets a batch whose only record was taken back', () => {
    const all = accumulator();
    const queue = all.queue('t', 0);
    queue.begin(0).key(null);
    queue.rollback();
    expect(all.incomplete.size).toBe(0);
    expect(all.nextDue()).toBeUndefined();
  });
});
