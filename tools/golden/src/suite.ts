import type { Difference, Outcome } from './compare.ts';
import type { DeviationRule } from './deviations.ts';
import type { RestCase } from './rest/rest-case.ts';
import type { GoldenCase } from './vectors.ts';

export type AnyCase = GoldenCase | RestCase;

/** How the vectors of one folder are read, replayed and compared. */
export interface Suite<C extends AnyCase = AnyCase> {
  readonly group: C['group'];
  /** The cases of one parsed file. */
  cases(file: string, content: unknown): readonly C[];
  /** Does with Millrace what was recorded; what it throws is the outcome too, with no phase. */
  replay(goldenCase: C): Outcome | Promise<Outcome>;
  compare(goldenCase: C, outcome: Outcome): Difference;
  /** Its own rules for what may differ; those of values when left out. */
  readonly rules?: readonly DeviationRule<C>[];
  /** Ends what the replay has started. */
  close?(): Promise<void>;
}
