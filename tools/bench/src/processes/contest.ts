import {
  conclude,
  type Goal,
  type Measured,
  type Result,
  type RunOptions,
  type Scenario,
  spread,
} from '../scenario.ts';
import { Meter } from './meter.ts';

/** What a run has done in the time that counts. */
export interface Work {
  readonly records: number;
  readonly seconds: number;
  /** Of the values, where the program says it. */
  readonly bytes?: number;
  /** Where only a part of the process's time counts, its CPU time in that part. */
  readonly cpuSeconds?: number;
  /** Seconds of it that went into something, by its name. */
  readonly shares?: Readonly<Record<string, number>>;
}

/** A program and what it is measured against: made ready anew for each run, and looked at afterwards. */
export interface Contender<Target = unknown> {
  prepare(size: RunSize): Promise<Target>;
  /** The run itself; the process called `client` is the one that is compared. */
  work(target: Target, meter: Meter, size: RunSize): Promise<Work>;
  /** Throws when the result is not what it has to be; a fast wrong answer is none. */
  check(target: Target, work: Work, size: RunSize): Promise<void>;
  /** After the last run: ends what the runs have shared. */
  close?(): Promise<void>;
}

export interface RunSize {
  readonly records: number;
}

export interface Contest {
  readonly name: string;
  readonly ours: Contender;
  /** Left out: ours is measured by itself. */
  readonly peer?: Contender;
  readonly records: number;
  /** Of the short run that comes first. Default: a tenth. */
  readonly warmUp?: number;
  /** Runs of each side. Default: 3. */
  readonly runs?: number;
  readonly goals?: readonly Goal[];
}

/** Of a whole run in `--quick`. */
const quickShare = 0.2;

/**
 * A scenario of processes: ours and the peer run in turn, A B A B, and each run is compared with its neighbour only. A short
 * run of each comes first and does not count, so that no side meets a cold server.
 */
export function contest({
  name,
  ours,
  peer,
  records,
  warmUp = Math.ceil(records / 10),
  runs: defaultRuns = 3,
  goals = [],
}: Contest): Scenario {
  return {
    name,
    async run({ quick, runs = quick ? 1 : defaultRuns }: RunOptions): Promise<Result> {
      const size = { records: Math.ceil(records * (quick ? quickShare : 1)) };
      const sides = peer === undefined ? [ours] : [ours, peer];
      const measured: Record<string, number>[][] = sides.map(() => []);
      try {
        for (const side of sides) await runOnce(side, { records: warmUp });
        for (let index = 0; index < runs; index++) {
          for (const [at, side] of sides.entries()) measured[at]?.push(await runOnce(side, size));
        }
      } finally {
        for (const side of sides) await side.close?.();
      }
      return conclude(name, compare(measured[0] ?? [], measured[1]), goals);
    },
  };
}

async function runOnce(side: Contender, size: RunSize): Promise<Record<string, number>> {
  const target = await side.prepare(size);
  const meter = new Meter();
  const work = await side.work(target, meter, size);
  const usage = meter.usage();
  await side.check(target, work, size);
  const { records, seconds, shares = {} } = work;
  const values: Record<string, number> = records > 0 ? { rate: records / seconds } : {};
  for (const [name, { cpuSeconds, peakBytes }] of usage) {
    if (records > 0) values[`${name} cpu`] = (cpuSeconds * 1e6) / records;
    else values[`${name} load`] = ((work.cpuSeconds ?? cpuSeconds) * 100) / seconds;
    values[`${name} memory`] = peakBytes / 1e6;
  }
  for (const [name, share] of Object.entries(shares)) values[`${name} share`] = (share * 100) / seconds;
  return values;
}

const units: Readonly<Record<string, string>> = {
  rate: 'records/s',
  cpu: 's per million',
  load: '% of a core',
  share: '% of the time',
  memory: 'MB at most',
};

function compare(
  ours: readonly Record<string, number>[],
  peer: readonly Record<string, number>[] | undefined,
): Record<string, Measured> {
  const column = (runs: readonly Record<string, number>[], name: string) => runs.map((run) => run[name] ?? Number.NaN);
  return Object.fromEntries(
    Object.keys(ours[0] ?? {}).map((name) => {
      const mine = column(ours, name);
      const theirs = peer?.[0]?.[name] === undefined ? undefined : column(peer, name);
      const measured: Measured = {
        unit: units[name.split(' ').at(-1) ?? ''] ?? '',
        ours: spread(mine),
        peer: theirs === undefined ? null : spread(theirs),
        ratio: theirs === undefined ? null : spread(mine.map((value, index) => value / (theirs[index] ?? Number.NaN))),
      };
      return [name, measured];
    }),
  );
}
