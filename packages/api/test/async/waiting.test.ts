import { abortable, sleep, TimeoutError, withDeadline } from '@millrace/api';
import { describe, expect, test, vi } from 'vitest';

const never = new Promise<never>(() => {});
const moreThanTimersTake = 2 ** 31;

describe('withDeadline', () => {
  test('gives what the work gives', async () => {
    await expect(withDeadline({ waitingFor: 'x', milliseconds: 1000 }, () => 42)).resolves.toBe(42);
  });

  test('rejects when the time is over, says what was awaited, and tells the work', async () => {
    let seen: AbortSignal | undefined;
    const waiting = withDeadline({ waitingFor: 'the brokers to answer', milliseconds: 5 }, (signal) => {
      seen = signal;
      return never;
    });
    await expect(waiting).rejects.toThrow('Waited 5 ms for the brokers to answer; gave up.');
    await expect(waiting).rejects.toSatisfy((error) => TimeoutError.isInstance(error));
    expect(seen?.aborted).toBe(true);
  });

  test('rejects with the reason of an outer signal, before or during the work', async () => {
    const reason = new Error('worker stops');
    const work = vi.fn(() => never);
    const during = new AbortController();
    const waiting = withDeadline({ waitingFor: 'x', milliseconds: 60_000, signal: during.signal }, work);
    during.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(
      withDeadline({ waitingFor: 'x', milliseconds: 60_000, signal: AbortSignal.abort(reason) }, work),
    ).rejects.toBe(reason);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('waits also for longer than a timer can', async () => {
    const work = () => sleep(30).then(() => 'done');
    await expect(withDeadline({ waitingFor: 'x', milliseconds: moreThanTimersTake }, work)).resolves.toBe('done');
  });

  test('clears its timer, also when the work throws at once', async () => {
    vi.useFakeTimers();
    try {
      const failing = withDeadline({ waitingFor: 'x', milliseconds: 60_000 }, () => {
        throw new Error('at once');
      });
      await expect(failing).rejects.toThrow('at once');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('abortable', () => {
  test('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await abortable(Promise.resolve(1), signal);
    await vi.waitFor(() => expect(remove).toHaveBeenCalledWith('abort', expect.any(Function)));
  });

  test('a rejection after the abort is nobody’s unhandled rejection', async () => {
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const waiting = abortable(promise, controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    reject(new Error('late'));
    const aborted = abortable(Promise.reject(new Error('ignored')), controller.signal);
    await expect(aborted).rejects.toThrow('stop');
  });
});

describe('sleep', () => {
  test('does not wake at once when the time is longer than a timer can take', async () => {
    const controller = new AbortController();
    let woke = false;
    const sleeping = sleep(moreThanTimersTake, controller.signal).then(() => {
      woke = true;
    });
    await sleep(30);
    expect(woke).toBe(false);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });

  test('ends early with the reason of its signal', async () => {
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(new Error('wake up'));
    await expect(sleeping).rejects.toThrow('wake up');
    await expect(sleep(60_000, controller.signal)).rejects.toThrow('wake up');
  });
});
