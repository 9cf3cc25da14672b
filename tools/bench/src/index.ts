export { type MeasureOptions, measure, type Pair, type PairOptions, pair, type Ratios, type Work } from './pair.ts';
export { table } from './table.ts';
