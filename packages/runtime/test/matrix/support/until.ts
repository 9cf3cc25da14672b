import { setTimeout as wait } from 'node:timers/promises';

/** Waits until something is so. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: () => string,
  milliseconds = 20_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${milliseconds} ms for ${what()}`);
    await wait(20);
  }
}
