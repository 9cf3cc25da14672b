/** Two ways to do the same work; each call does a piece of it and gives something back, so that it cannot be left out. */
export interface Pair {
  readonly name: string;
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

export interface Ratios {
  readonly name: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly goal: number | null;
  readonly ok: boolean;
  /** Nanoseconds per call, of the fastest batch. */
  readonly oursNs: number;
  readonly plainNs: number;
}

export interface MeasureOptions {
  readonly warmUpMs?: number;
  readonly batchMs?: number;
  readonly pairs?: number;
  /** Nanoseconds, for tests. */
  readonly now?: () => bigint;
}

export function pair(name: string, ours: Work, plain: Work, { goal }: PairOptions = {}): Pair {
  return { name, goal, ours, plain };
}

/**
 * Measures A B A B in batches of about the same time each, after both have run long enough to be compiled. A batch is
 * compared with its neighbour only.
 */
export function measure({ name, goal, ours, plain }: Pair, options: MeasureOptions = {}): Ratios {
  const { warmUpMs = 300, batchMs = 8, pairs = 41, now = () => process.hrtime.bigint() } = options;
  const oursCalls = calibrate(ours, warmUpMs, batchMs, now);
  const plainCalls = calibrate(plain, warmUpMs, batchMs, now);
  const ratios: number[] = [];
  let oursNs = Number.POSITIVE_INFINITY;
  let plainNs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < pairs; index++) {
    const oursTime = timePerCall(ours, oursCalls, now);
    const plainTime = timePerCall(plain, plainCalls, now);
    ratios.push(plainTime / oursTime);
    oursNs = Math.min(oursNs, oursTime);
    plainNs = Math.min(plainNs, plainTime);
  }
  ratios.sort((left, right) => left - right);
  const median = ratios[ratios.length >> 1] as number;
  return {
    name,
    min: ratios[0] as number,
    median,
    max: ratios[ratios.length - 1] as number,
    goal: goal ?? null,
    ok: goal === undefined || median >= goal,
    oursNs,
    plainNs,
  };
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
