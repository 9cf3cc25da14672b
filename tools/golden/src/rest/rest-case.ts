/** One exchange of `rest/*.json`; state is carried over from one to the next. */
export interface RestCase {
  readonly group: 'rest';
  readonly file: string;
  readonly id: string;
  readonly before: readonly BeforeStep[];
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
  readonly volatile: readonly VolatilePart[];
  /** Where Java answers by accident: what to answer instead. */
  readonly expected?: ExpectedAnswer;
  /** Where another answer than Java's is as good. */
  readonly alsoAccept?: ExpectedAnswer;
}

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyJson?: unknown;
  readonly bodyText?: string;
}

export interface VolatilePart {
  readonly path: string;
  readonly kind: 'value' | 'order';
}

export interface ExpectedAnswer {
  readonly status: number;
  readonly error_code?: number;
}

interface WaitStep {
  readonly connector: string;
  readonly state: string;
  readonly taskState?: string;
  readonly tasks?: number;
}

export type BeforeStep = { readonly wait: WaitStep } | { readonly sleepMs: number };

/** What a worker answered. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface RecordedCase {
  readonly seq: number;
  readonly label: string;
  readonly before?: readonly BeforeStep[];
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
  readonly volatile: readonly VolatilePart[];
  readonly expected?: ExpectedAnswer;
  readonly alsoAccept?: ExpectedAnswer;
}

export function restCases(file: string, content: unknown): readonly RestCase[] {
  return (content as readonly RecordedCase[]).map(({ seq, label, before = [], ...recorded }) => ({
    ...recorded,
    group: 'rest',
    file,
    id: `${seq} ${label}`,
    before,
  }));
}
