import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `check` no longer throws, and returns what it returned. */
export async function eventually<Result>(check: () => Promise<Result> | Result, limitMs = 30_000): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
