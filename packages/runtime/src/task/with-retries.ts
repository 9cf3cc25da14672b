import { abortable, type Logger, RetriableError, sleep } from '@millrace/api';
import { KafkaError } from '@millrace/kafka';

export interface RetryOptions {
  /** As it reads in the log: `poll`. */
  readonly what: string;
  readonly log: Logger;
  /** Ends the pause between two calls, with its own reason. */
  readonly signal: AbortSignal;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** Calls again, after a pause that grows, for as long as the call fails with a RetriableError. */
export async function withRetries<T>(call: () => Promise<T> | T, options: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!RetriableError.isInstance(error)) throw error;
      await pauseAfter(error, attempt, options);
    }
  }
}

/** The pause after a call has failed `attempt` times before. */
export async function pauseAfter(error: Error, attempt: number, { what, log, signal }: RetryOptions): Promise<void> {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 30));
  log.warn(`${what} failed for the moment and is called again in ${pause} ms: ${error.message}`);
  await sleep(pause, signal);
}

/**
 * Waits for Kafka for as long as it takes: what has not come within the `max.block.ms` of a client is asked for again. `done`
 * says whether it has come.
 */
export async function untilDone(ask: () => Promise<unknown>, done: () => boolean, signal: AbortSignal): Promise<void> {
  while (!done()) {
    try {
      await abortable(ask(), signal);
    } catch (error) {
      if (!KafkaError.isInstance(error) || !error.retriable) throw error;
      await sleep(firstPauseMs, signal);
    }
  }
}
