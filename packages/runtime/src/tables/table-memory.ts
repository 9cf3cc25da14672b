import { MillraceError } from '@millrace/api';

/** What all tables of a host may hold together. Rows are counted as large as they are in their topic. */
export class TableMemory {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** @throws MillraceError when there is no room; then nothing is taken. */
  take(bytes: number, table: string): void {
    if (this.#used + bytes > this.#limit) {
      throw new MillraceError(
        `Table ${table} does not fit into memory: the tables of this host may hold ${this.#limit} bytes together. ` +
          'Name fewer tables or give the worker more memory for them.',
        { code: 'TABLE_MEMORY' },
      );
    }
    this.#used += bytes;
  }

  free(bytes: number): void {
    this.#used -= bytes;
  }
}
