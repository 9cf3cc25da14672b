import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError, parseConfig } from '@millrace/api';
import type { AnySink, AnySource } from './any-connector.ts';

/** One thing that a connector has to do. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A configuration that must be refused. */
export interface InvalidConfig {
  readonly config: Readonly<Record<string, string>>;
  /** Keys that the refusal has to name. */
  readonly problems: readonly string[];
}

/** Rejects when something that should end by itself has not done so. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = delay(milliseconds, undefined, { signal: stop.signal }).then(() =>
    assert.fail(`${what} has not ended within ${milliseconds} ms.`),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}

export function checkRefusal(connector: AnySource | AnySink, { config, problems }: InvalidConfig): void {
  const found = problemKeys(connector, config);
  for (const key of problems) {
    assert.ok(found.includes(key), `The refusal should name ${key}; it names: ${found.join(', ') || 'nothing'}.`);
  }
}

/** Fails when, a moment after the work, the process holds more timers, sockets or files than before it. */
export async function leavesNothingOpen(work: () => Promise<void>): Promise<void> {
  // What is loaded or kept on first use is no leak.
  await work();
  const before = await settledResources();
  await work();
  const end = Date.now() + 2000;
  for (;;) {
    const left = [...countResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    if (left.length === 0) return;
    if (Date.now() > end) {
      assert.fail(`After close there are still open: ${left.map(([kind, count]) => `${count} ${kind}`).join(', ')}.`);
    }
    await delay(20);
  }
}

function problemKeys(connector: AnySource | AnySink, raw: Readonly<Record<string, string>>): readonly string[] {
  try {
    const { config } = parseConfig(connector.config, raw);
    return (connector.validate?.(config) ?? []).map(({ key }) => key);
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems.map(({ key }) => key);
    throw error;
  }
}

/** What others have closed just now is still counted for a moment, and would hide what the work leaves open. */
async function settledResources(): Promise<Map<string, number>> {
  let counts = countResources();
  for (let tries = 0; tries < 20; tries++) {
    await delay(50);
    const next = countResources();
    if (isDeepStrictEqual(next, counts)) break;
    counts = next;
  }
  return counts;
}

/** Those of the check itself (its timers, the immediate that it runs in) come and go. */
const ofNobody = new Set(['Immediate', 'TickObject', 'Timeout', 'CloseReq']);

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!ofNobody.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
