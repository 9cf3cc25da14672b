/** Whole numbers one after another, both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** 512 Ki numbers in 64 KiB. */
const pageBits = 19;
const numbersInPage = 2 ** pageBits;

/** A set of whole numbers from 0 on, with one bit for each: ten million of them take 1.2 MB. */
export class NumberSet {
  readonly #pages = new Map<number, Uint8Array>();
  #page: Uint8Array | undefined;
  #pageNumber = -1;
  #size = 0;
  #highest = -1;

  get size(): number {
    return this.#size;
  }

  /** -1 when it is empty. */
  get highest(): number {
    return this.#highest;
  }

  /** @returns whether the number was not there yet */
  add(number: number): boolean {
    if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${number} is no whole number from 0 on.`);
    const page = this.#pageFor(Math.floor(number / numbersInPage));
    const place = number % numbersInPage;
    const bit = 1 << (place & 7);
    const bits = page[place >> 3] ?? 0;
    if ((bits & bit) !== 0) return false;
    page[place >> 3] = bits | bit;
    this.#size++;
    if (number > this.#highest) this.#highest = number;
    return true;
  }

  has(number: number): boolean {
    const place = number % numbersInPage;
    const bits = this.#pages.get(Math.floor(number / numbersInPage))?.[place >> 3] ?? 0;
    return (bits & (1 << (place & 7))) !== 0;
  }

  /** Those below `end` that are not in it. */
  missingBelow(end: number): NumberSet {
    const missing = new NumberSet();
    let next = 0;
    for (const { from, to } of this.ranges()) {
      for (const before = Math.min(from, end); next < before; next++) missing.add(next);
      next = to + 1;
    }
    for (; next < end; next++) missing.add(next);
    return missing;
  }

  /** From the lowest on. */
  *ranges(): Generator<NumberRange> {
    let from = -1;
    let last = -2;
    for (const number of this.#numbers()) {
      if (number !== last + 1) {
        if (from >= 0) yield { from, to: last };
        from = number;
      }
      last = number;
    }
    if (from >= 0) yield { from, to: last };
  }

  /** `3 (5, 7–8)`, cut off after twenty ranges. */
  toString(): string {
    const texts: string[] = [];
    for (const { from, to } of this.ranges()) {
      if (texts.length === 20) {
        texts.push('…');
        break;
      }
      texts.push(from === to ? `${from}` : `${from}–${to}`);
    }
    return this.#size === 0 ? '0' : `${this.#size} (${texts.join(', ')})`;
  }

  *#numbers(): Generator<number> {
    for (const pageNumber of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const page = this.#pages.get(pageNumber);
      if (page === undefined) continue;
      for (let index = 0; index < page.length; index++) {
        const bits = page[index] ?? 0;
        if (bits === 0) continue;
        for (let bit = 0; bit < 8; bit++) {
          if ((bits & (1 << bit)) !== 0) yield pageNumber * numbersInPage + index * 8 + bit;
        }
      }
    }
  }

  #pageFor(pageNumber: number): Uint8Array {
    if (this.#page !== undefined && this.#pageNumber === pageNumber) return this.#page;
    const page = this.#pages.get(pageNumber) ?? new Uint8Array(numbersInPage / 8);
    this.#pages.set(pageNumber, page);
    this.#page = page;
    this.#pageNumber = pageNumber;
    return page;
  }
}
