import { brandOf } from '../brand.ts';
import type { Schema } from '../schema/schema.ts';

export interface Header {
  readonly key: string;
  readonly value: unknown;
  /** `null` when the value has no schema. */
  readonly schema: Schema | null;
}

const brand = brandOf('headers');

/** The headers of a record: ordered, and a key may stand more than once. Immutable; every change makes a new one. */
export class Headers implements Iterable<Header> {
  static {
    brand.mark(Headers);
  }

  /** Shared by all records without headers. */
  static readonly empty: Headers = new Headers([]);

  readonly #list: readonly Header[];

  private constructor(list: readonly Header[]) {
    this.#list = list;
  }

  static isInstance(value: unknown): value is Headers {
    return brand.isOn(value);
  }

  static of(headers: Iterable<Header>): Headers {
    const list = [...headers];
    return list.length === 0 ? Headers.empty : new Headers(list);
  }

  get size(): number {
    return this.#list.length;
  }

  /** The header at that place, counted from 0. */
  at(index: number): Header | undefined {
    return this.#list[index];
  }

  /** With one more at the end. */
  add(key: string, value: unknown, schema: Schema | null = null): Headers {
    return new Headers([...this.#list, { key, value, schema }]);
  }

  /** Without any of that key. */
  remove(key: string): Headers {
    return this.filter((header) => header.key !== key);
  }

  /** With only the last of each key. */
  retainLatest(): Headers {
    const last = new Map(this.#list.map((header, index) => [header.key, index]));
    return this.filter((header, index) => last.get(header.key) === index);
  }

  /** Those for which `keep` says yes; this very object when that is all of them. */
  filter(keep: (header: Header, index: number) => boolean): Headers {
    const list = this.#list.filter(keep);
    return list.length === this.#list.length ? this : Headers.of(list);
  }

  has(key: string): boolean {
    return this.#list.some((header) => header.key === key);
  }

  lastWithName(key: string): Header | undefined {
    return this.#list.findLast((header) => header.key === key);
  }

  allWithName(key: string): readonly Header[] {
    return this.#list.filter((header) => header.key === key);
  }

  [Symbol.iterator](): Iterator<Header> {
    return this.#list[Symbol.iterator]();
  }
}
