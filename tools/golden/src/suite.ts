import type { Difference, Outcome } from './compare.ts';
import type { GoldenCase } from './vectors.ts';

/** How the vectors of one folder are read, replayed and compared. */
export interface Suite<C extends GoldenCase = GoldenCase> {
  readonly group: C['group'];
  /** The cases of one parsed file. */
  cases(file: string, content: unknown): readonly C[];
  /** Does with Millrace what was recorded; what it throws is the outcome too, with no phase. */
  replay(goldenCase: C): Outcome | Promise<Outcome>;
  compare(goldenCase: C, outcome: Outcome): Difference;
}
