export interface IndexEntry {
  readonly offset: number;
  readonly position: number;
  /** The largest timestamp in front of `position`. */
  readonly maxTimestamp: number;
}

const bytesPerEntry = 32_768;

/** Where batches start in a segment: one entry for every 32 KiB. */
export class SparseIndex {
  readonly #entries: IndexEntry[];
  #indexedTo = 0;

  constructor(entries: readonly IndexEntry[] = []) {
    this.#entries = [...entries];
    this.#indexedTo = entries.at(-1)?.position ?? 0;
  }

  get entries(): readonly IndexEntry[] {
    return this.#entries;
  }

  add(entry: IndexEntry): void {
    if (entry.position - this.#indexedTo < bytesPerEntry) return;
    this.#entries.push(entry);
    this.#indexedTo = entry.position;
  }

  /** A position at or in front of the batch with that offset. */
  positionOf(offset: number): number {
    return this.#last((entry) => entry.offset <= offset)?.position ?? 0;
  }

  /** A position at or in front of the first batch with a timestamp of at least that. */
  positionOfTime(timestamp: number): number {
    return this.#last((entry) => entry.maxTimestamp < timestamp)?.position ?? 0;
  }

  /** The last entry of those for which `holds`, which are the first ones. */
  #last(holds: (entry: IndexEntry) => boolean): IndexEntry | undefined {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#entries[middle]!)) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low - 1];
  }
}
