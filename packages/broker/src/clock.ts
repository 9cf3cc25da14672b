/** Time as the broker sees it: timestamps, and the timers of sessions, rebalances, transactions and long polls. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once, after that many milliseconds; the function returned cancels it. */
  schedule(milliseconds: number, callback: () => void): () => void;
}

const longestTimer = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), longestTimer));
    return () => clearTimeout(timer);
  },
};
