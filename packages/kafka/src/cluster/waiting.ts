import { closedError, KafkaError } from '../errors.ts';

/** Waits; ends early with a rejection when the signal is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(abortReason(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : closedError('the client');
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(abortReason(signal));
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The pause before the next attempt: doubling up to the maximum, with jitter as Java's. */
export function backoff(attempt: number, initial: number, max: number, random: () => number = Math.random): number {
  const exponential = Math.min(max, initial * 2 ** Math.min(attempt, 30));
  return Math.round(exponential * (0.8 + random() * 0.4));
}

export interface RetryOptions {
  /** Named in the error at the deadline. */
  readonly what: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly pause: (attempt: number, error: KafkaError) => number;
}

/** Runs an attempt until it succeeds, fails for good or the deadline passes; only retriable errors are tried again. */
export async function retrying<Value>(
  options: RetryOptions,
  attempt: (number: number) => Promise<Value>,
): Promise<Value> {
  const end = Date.now() + options.deadlineMs;
  for (let number = 0; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!KafkaError.isInstance(error) || !error.retriable) throw error;
      const pause = options.pause(number, error);
      if (Date.now() + pause > end) {
        throw new KafkaError(
          error.code,
          `${options.what} did not succeed within ${options.deadlineMs} ms: ${error.message}`,
          { retriable: true, cause: error },
        );
      }
      await sleep(pause, options.signal);
    }
  }
}
