import { fromIterable, MillraceError, RetriableError, SourceRecord } from '@millrace/api';
import { describe, expect, test } from 'vitest';

function record(value: number): SourceRecord {
  return new SourceRecord({ topic: 't', value });
}

async function take(task: ReturnType<typeof fromIterable>, count: number): Promise<unknown[]> {
  const values: unknown[] = [];
  while (values.length < count) for (const { value } of (await task.poll()) ?? []) values.push(value);
  return values;
}

describe('a source task of an iterable', () => {
  test('gives all records in order, in batches when they come fast', async () => {
    const { signal } = new AbortController();
    let polls = 0;
    const task = fromIterable(
      (async function* () {
        for (let i = 0; i < 10_000; i++) yield record(i);
      })(),
      { signal, batchSize: 1000 },
    );
    const values: unknown[] = [];
    while (values.length < 10_000) {
      const batch = (await task.poll()) ?? [];
      expect(batch.length).toBeLessThanOrEqual(1000);
      polls++;
      for (const { value } of batch) values.push(value);
    }
    expect(values).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(polls).toBeLessThan(5000);
    await task.close?.();
  });

  test('takes arrays of records', async () => {
    const { signal } = new AbortController();
    const task = fromIterable(
      (async function* () {
        yield [record(1), record(2)];
        yield [record(3)];
      })(),
      { signal },
    );
    expect(await take(task, 3)).toEqual([1, 2, 3]);
  });

  test('goes on after an empty array', async () => {
    const { signal } = new AbortController();
    const task = fromIterable(
      (async function* () {
        yield [];
        await new Promise(setImmediate);
        yield [record(1)];
        yield [];
        yield [record(2)];
      })(),
      { signal },
    );
    expect(await take(task, 2)).toEqual([1, 2]);
  });

  test('ends a waiting poll when it is closed', async () => {
    const { signal } = new AbortController();
    const task = fromIterable(
      (async function* () {
        yield record(1);
      })(),
      { signal },
    );
    expect(await take(task, 1)).toEqual([1]);
    const waiting = task.poll();
    await task.close?.();
    expect(await waiting).toBeNull();
  });

  test('does not read further ahead than one batch', async () => {
    const { signal } = new AbortController();
    let read = 0;
    const task = fromIterable(
      (async function* () {
        for (;;) yield record(read++);
      })(),
      { signal, batchSize: 10 },
    );
    await task.poll();
    await new Promise(setImmediate);
    expect(read).toBeLessThanOrEqual(21);
    await task.close?.();
  });

  test('ends a waiting poll when the signal is aborted, also after the last record', async () => {
    const controller = new AbortController();
    const task = fromIterable(
      (async function* () {
        yield record(1);
      })(),
      { signal: controller.signal },
    );
    expect(await take(task, 1)).toEqual([1]);
    const waiting = task.poll();
    controller.abort();
    expect(await waiting).toBeNull();
  });

  test('gives what came before an error first, then the error', async () => {
    const { signal } = new AbortController();
    const task = fromIterable(
      (async function* () {
        yield record(1);
        throw new Error('connection lost');
      })(),
      { signal },
    );
    expect(await take(task, 1)).toEqual([1]);
    await expect(task.poll()).rejects.toThrow('connection lost');
  });

  test('says that a retriable error is final, because an iterable cannot go on', async () => {
    const { signal } = new AbortController();
    const task = fromIterable(
      (async function* () {
        yield* [] as SourceRecord[];
        throw new RetriableError('busy');
      })(),
      { signal },
    );
    const error = await task.poll().catch((thrown: unknown) => thrown);
    expect(MillraceError.isInstance(error)).toBe(true);
    expect(RetriableError.isInstance(error)).toBe(false);
  });

  test('lets the iterable clean up, and may be closed twice', async () => {
    const { signal } = new AbortController();
    let cleaned = 0;
    const task = fromIterable(
      (async function* () {
        try {
          for (let i = 0; ; i++) yield record(i);
        } finally {
          cleaned++;
        }
      })(),
      { signal, batchSize: 2 },
    );
    await task.poll();
    await task.close?.();
    await task.close?.();
    expect(cleaned).toBe(1);
  });
});
