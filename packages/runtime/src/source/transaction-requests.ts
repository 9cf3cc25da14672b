import { MillraceError, type SourceRecord, type TransactionContext } from '@millrace/api';

/** What a transaction is to become. */
export type Boundary = 'commit' | 'abort';

/** What a source has asked for since it was asked last, with `transaction.boundary=connector`. */
export class TransactionRequests implements TransactionContext {
  readonly #commits = new Set<SourceRecord>();
  readonly #aborts = new Set<SourceRecord>();
  #commit = false;
  #abort = false;

  commitBatch(): void {
    this.#commit = true;
  }

  commitRecord(record: SourceRecord): void {
    this.#commits.add(record);
  }

  abortBatch(): void {
    this.#abort = true;
  }

  abortRecord(record: SourceRecord): void {
    this.#aborts.add(record);
  }

  /** Whether the transaction ends after some record. */
  get hasRecords(): boolean {
    return this.#commits.size > 0 || this.#aborts.size > 0;
  }

  /** Once for each request. */
  takeBatch(): Boundary | undefined {
    const boundary = either(this.#commit, this.#abort, 'the same batch');
    this.#commit = false;
    this.#abort = false;
    return boundary;
  }

  /** Once for each request. */
  takeRecord(record: SourceRecord): Boundary | undefined {
    return either(this.#commits.delete(record), this.#aborts.delete(record), 'the same record');
  }
}

function either(commit: boolean, abort: boolean, what: string): Boundary | undefined {
  if (commit && abort) throw new MillraceError(`The connector asked for both commit and abort of ${what}.`);
  return commit ? 'commit' : abort ? 'abort' : undefined;
}
