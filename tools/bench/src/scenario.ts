/** Smallest, middle and largest of several values. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What a measure must reach: its ratio of ours to the peer's, or ours by itself. */
export interface Goal {
  readonly measure: string;
  readonly of: 'ratio' | 'ours';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Measured {
  readonly unit: string;
  readonly ours: Spread;
  readonly peer: Spread | null;
  /** Pair by pair: a run of ours divided by the peer's run next to it. */
  readonly ratio: Spread | null;
}

/** One line of `--json`. */
export interface Result {
  readonly scenario: string;
  /** Medians by the name of the measure. */
  readonly ours: Readonly<Record<string, number>>;
  readonly peer: Readonly<Record<string, number>> | null;
  /** Of the first measure. */
  readonly ratio: Spread | null;
  readonly measures: Readonly<Record<string, Measured>>;
  readonly goals: readonly (Goal & { readonly reached: number; readonly ok: boolean })[];
  readonly ok: boolean;
}

export interface RunOptions {
  readonly quick: boolean;
  /** Runs of each side, where a scenario counts in runs; its own number when left out. */
  readonly runs?: number;
}

/** Something that can be measured. */
export interface Scenario {
  readonly name: string;
  run(options: RunOptions): Promise<Result>;
}

/** The scenarios of a benchmark, and what they share. */
export interface Bench {
  readonly scenarios: readonly Scenario[];
  close?(): Promise<void>;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  return { min: sorted[0] as number, median: sorted[sorted.length >> 1] as number, max: sorted.at(-1) as number };
}

/** Compares what was measured with the goals. A goal of a measure that is not there is missed. */
export function conclude(
  scenario: string,
  measures: Readonly<Record<string, Measured>>,
  goals: readonly Goal[],
): Result {
  const medians = (side: 'ours' | 'peer') =>
    Object.fromEntries(
      Object.entries(measures).flatMap(([name, { [side]: value }]) => (value === null ? [] : [[name, value.median]])),
    );
  const [first] = Object.values(measures);
  const compared = goals.map((goal) => {
    const reached = measures[goal.measure]?.[goal.of]?.median ?? Number.NaN;
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
    return { ...goal, reached, ok: reached >= atLeast && reached <= atMost };
  });
  return {
    scenario,
    ours: medians('ours'),
    peer: first === undefined || first.peer === null ? null : medians('peer'),
    ratio: first?.ratio ?? null,
    measures,
    goals: compared,
    ok: compared.every(({ ok }) => ok),
  };
}
