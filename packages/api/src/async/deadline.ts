import { TimeoutError } from '../errors/errors.ts';
import { abortable } from './abortable.ts';
import { longestTimer } from './longest-timer.ts';

export interface DeadlineOptions {
  /** What is being waited for, as it reads in the error: `the brokers to answer`. */
  readonly waitingFor: string;
  readonly milliseconds: number;
  /** Ends the wait early, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` under a deadline. The signal that `work` gets is aborted when the deadline passes or when
 * `options.signal` is; the returned promise rejects at that moment, also when `work` ignores its signal.
 *
 * @throws TimeoutError when the deadline passes.
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const { waitingFor, milliseconds, signal: outer } = options;
  outer?.throwIfAborted();
  const controller = new AbortController();
  const forward = (): void => controller.abort(outer?.reason);
  outer?.addEventListener('abort', forward, { once: true });
  const timer = setTimeout(
    () => {
      controller.abort(new TimeoutError(`Waited ${milliseconds} ms for ${waitingFor}; gave up.`));
    },
    Math.min(milliseconds, longestTimer),
  );
  try {
    return await abortable(Promise.resolve(work(controller.signal)), controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', forward);
  }
}
