import type { Storage } from './storage.ts';

/**
 * File descriptors of segments, opened on first use. At most `limit` are open; the one that was not used for longest is
 * closed for another.
 */
export class OpenFiles {
  readonly #storage: Storage;
  readonly #limit: number;
  readonly #open = new Map<string, number>();

  constructor(storage: Storage, limit = 400) {
    this.#storage = storage;
    this.#limit = limit;
  }

  get storage(): Storage {
    return this.#storage;
  }

  /** The descriptor of that file, valid until the next call. A file that is not there is made only if `create`. */
  get(path: string, create = false): number {
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    if (this.#open.size >= this.#limit) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.close(oldest);
    }
    const opened = this.#storage.open(path, create);
    this.#open.set(path, opened);
    return opened;
  }

  /** Before a file is removed or renamed. */
  close(path: string): void {
    const known = this.#open.get(path);
    if (known === undefined) return;
    this.#open.delete(path);
    this.#storage.close(known);
  }

  closeAll(): void {
    for (const path of [...this.#open.keys()]) this.close(path);
  }
}
