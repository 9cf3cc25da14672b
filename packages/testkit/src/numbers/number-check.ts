import { NumberSet } from './number-set.ts';

/** What came of one source's numbers. */
export interface SourceNumbers {
  readonly source: string;
  /** Repeated ones included. */
  readonly records: number;
  readonly seen: NumberSet;
  readonly doubled: NumberSet;
  /** Those that came for the first time after a greater one. */
  readonly late: NumberSet;
}

/**
 * Counts numbered records: which numbers of a source are there, which came twice, which came late. The memory that it takes
 * depends on the numbers, not on how many records there are: a few bits for each number.
 */
export class NumberCheck {
  readonly #sources = new Map<string, Counted>();

  add(source: string, number: number): void {
    let counted = this.#sources.get(source);
    if (counted === undefined) {
      counted = new Counted(source);
      this.#sources.set(source, counted);
    }
    counted.add(number);
  }

  get sources(): readonly SourceNumbers[] {
    return [...this.#sources.values()];
  }

  get records(): number {
    return this.#sum(({ records }) => records);
  }

  get distinct(): number {
    return this.#sum(({ seen }) => seen.size);
  }

  get doubled(): number {
    return this.#sum(({ doubled }) => doubled.size);
  }

  get late(): number {
    return this.#sum(({ late }) => late.size);
  }

  /** How many of the numbers 0 to `count - 1` of these sources are not there. */
  missing(count: number, sources: readonly string[] = [...this.#sources.keys()]): number {
    return sources.reduce((sum, source) => sum + this.#seen(source).missingBelow(count).size, 0);
  }

  /** What is wrong when each source should have given the numbers 0 to `count - 1` once and in order. Nothing: empty. */
  problems(count: number, sources: readonly string[] = [...this.#sources.keys()]): string[] {
    if (sources.length === 0) return count === 0 ? [] : ['There are no numbers at all.'];
    const unknown = [...this.#sources.keys()].filter((source) => !sources.includes(source));
    return [
      ...unknown.map((source) => `${nameOf(source)}: is not expected`),
      ...sources.flatMap((source) => this.#problemsOf(source, count)),
    ];
  }

  #problemsOf(source: string, count: number): string[] {
    const { doubled, late, seen } = this.#sources.get(source) ?? new Counted(source);
    const problems: string[] = [];
    const report = (what: string, numbers: NumberSet): void => {
      if (numbers.size > 0) problems.push(`${nameOf(source)}: ${what}: ${numbers}`);
    };
    report('missing', seen.missingBelow(count));
    report('doubled', doubled);
    report('late', late);
    if (seen.highest >= count) problems.push(`${nameOf(source)}: goes up to ${seen.highest}, beyond ${count - 1}`);
    return problems;
  }

  #seen(source: string): NumberSet {
    return this.#sources.get(source)?.seen ?? new NumberSet();
  }

  #sum(of: (counted: Counted) => number): number {
    let sum = 0;
    for (const counted of this.#sources.values()) sum += of(counted);
    return sum;
  }
}

class Counted implements SourceNumbers {
  readonly source: string;
  readonly seen: NumberSet = new NumberSet();
  readonly doubled: NumberSet = new NumberSet();
  readonly late: NumberSet = new NumberSet();
  records = 0;

  constructor(source: string) {
    this.source = source;
  }

  add(number: number): void {
    const { highest } = this.seen;
    this.records++;
    if (!this.seen.add(number)) this.doubled.add(number);
    else if (number < highest) this.late.add(number);
  }
}

function nameOf(source: string): string {
  return source === '' ? 'the source without a name' : `source ${source}`;
}
