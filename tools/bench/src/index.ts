export { type MeasureOptions, measure, type Pair, type PairOptions, pair, type Work } from './pair.ts';
export { type Contender, type Contest, contest, type RunSize, type Work as ProcessWork } from './processes/contest.ts';
export { type ChildOptions, Meter, type Usage } from './processes/meter.ts';
export type { Bench, Goal, Measured, Result, RunOptions, Scenario, Spread } from './scenario.ts';
export { table } from './table.ts';
