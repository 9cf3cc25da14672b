const firstDelay = 300;

export interface RetryLimits {
  /** `errors.retry.timeout`: 0 never, -1 for ever. */
  readonly timeoutMs: number;
  /** `errors.retry.delay.max.ms` */
  readonly maxDelayMs: number;
}

/**
 * How long to wait before the call is made again: 300 ms, doubling up to the longest delay and then at random below it;
 * never past the end of the time that there is. `undefined`: no more tries.
 *
 * @param attempt how many calls have failed, from 1 on
 * @param elapsedMs since the first of them
 */
export function retryDelay(
  attempt: number,
  elapsedMs: number,
  limits: RetryLimits,
  random: () => number = Math.random,
): number | undefined {
  const { timeoutMs, maxDelayMs } = limits;
  const left = timeoutMs < 0 ? Number.POSITIVE_INFINITY : timeoutMs - elapsedMs;
  if (left <= 0) return undefined;
  const doubled = firstDelay * 2 ** Math.min(attempt - 1, 40);
  const delay = doubled > maxDelayMs ? Math.floor(random() * maxDelayMs) : doubled;
  return Math.min(delay, left);
}
