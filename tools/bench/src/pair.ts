import { conclude, type Result, type RunOptions, type Scenario, spread } from './scenario.ts';

/** Two ways to do the same work; each call does a piece of it and gives something back, so that it cannot be left out. */
export interface Pair extends Scenario {
  /** What our code must reach: the plain code's time divided by ours. Left out: measured only. */
  readonly goal: number | undefined;
  readonly ours: Work;
  readonly plain: Work;
}

/** Does the piece of work of that number; the same number is the same work for both. */
export type Work = (index: number) => unknown;

export interface PairOptions {
  readonly goal?: number;
}

export interface MeasureOptions {
  readonly warmUpMs?: number;
  readonly batchMs?: number;
  readonly pairs?: number;
  /** Nanoseconds, for tests. */
  readonly now?: () => bigint;
}

/** A scenario within this process. */
export function pair(name: string, ours: Work, plain: Work, { goal }: PairOptions = {}): Pair {
  const made: Pair = {
    name,
    goal,
    ours,
    plain,
    run: async ({ quick }: RunOptions) => measure(made, quick ? { warmUpMs: 100, batchMs: 2, pairs: 15 } : {}),
  };
  return made;
}

/**
 * Measures A B A B in batches of about the same time each, after both have run long enough to be compiled. A batch is
 * compared with its neighbour only.
 */
export function measure(
  { name, goal, ours, plain }: Pick<Pair, 'name' | 'goal' | 'ours' | 'plain'>,
  options: MeasureOptions = {},
): Result {
  const { warmUpMs = 300, batchMs = 8, pairs = 41, now = () => process.hrtime.bigint() } = options;
  const oursCalls = calibrate(ours, warmUpMs, batchMs, now);
  const plainCalls = calibrate(plain, warmUpMs, batchMs, now);
  const oursRates: number[] = [];
  const plainRates: number[] = [];
  for (let index = 0; index < pairs; index++) {
    oursRates.push(1e9 / timePerCall(ours, oursCalls, now));
    plainRates.push(1e9 / timePerCall(plain, plainCalls, now));
  }
  const ratio = spread(oursRates.map((rate, index) => rate / (plainRates[index] as number)));
  const rate = { unit: 'calls/s', ours: spread(oursRates), peer: spread(plainRates), ratio };
  return conclude(name, { rate }, goal === undefined ? [] : [{ measure: 'rate', of: 'ratio', atLeast: goal }]);
}

/** Warms up, and finds out how many calls fill a batch. */
function calibrate(work: Work, warmUpMs: number, batchMs: number, now: () => bigint): number {
  const end = now() + BigInt(Math.round(warmUpMs * 1e6));
  let calls = 64;
  let time = timePerCall(work, calls, now);
  while (now() < end) {
    calls = Math.max(64, Math.min(1 << 20, Math.round((batchMs * 1e6) / time)));
    time = timePerCall(work, calls, now);
  }
  return calls;
}

/** What the work gave last; as it is kept, no result can be left out. */
const results: { latest: unknown } = { latest: undefined };

function timePerCall(work: Work, calls: number, now: () => bigint): number {
  const start = now();
  for (let index = 0; index < calls; index++) results.latest = work(index);
  return Math.max(1, Number(now() - start)) / calls;
}
