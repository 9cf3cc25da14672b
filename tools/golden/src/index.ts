export { type DeviationRule, deviationRules, deviationTable } from './deviations.ts';
export { findGoldenDirectory, type GoldenDirectory, subsetDirectory } from './golden-directory.ts';
export { type FileResult, filesOf, groups, runGroup } from './run.ts';
