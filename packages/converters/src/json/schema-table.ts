import type { Schema } from '@millrace/api';
import { LruCache } from '../lru-cache.ts';
import { latin1Slice } from '../raw-buffer.ts';
import type { Decode } from './compile-decoder.ts';

/** A schema as it stands in messages, with what reads its payloads. */
export interface KnownSchema {
  readonly schema: Schema | null;
  /** How often it was read; compiling pays only for what comes again. */
  uses: number;
  decode: Decode | undefined;
  prefix?: SchemaPrefix;
}

/** What stood in front of the payload of a message: its bytes are compared before anything is read. */
export interface SchemaPrefix {
  readonly length: number;
  /** Eight bytes each; what is left over is compared byte by byte. */
  readonly words: BigInt64Array;
  readonly rest: Uint8Array;
  readonly known: KnownSchema;
}

const mostRecent = 8;
/** A batch of more bytes is not kept alive by the view of it. */
const largestKeptBatch = 4 * 1024 * 1024;

/**
 * Finds what is known about the schema of a message by the bytes in front of its payload: the latest few by comparing,
 * all others, up to a number, by the text of the schema.
 */
export class SchemaTable {
  readonly #recent: SchemaPrefix[] = [];
  readonly #known: LruCache<string, KnownSchema>;
  #viewed: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(size: number) {
    this.#known = new LruCache(size);
  }

  /** The length of the prefix that these bytes begin with, 0 when it is none of the latest; then see {@link latest}. */
  match(bytes: Uint8Array, start: number, end: number): number {
    const recent = this.#recent;
    for (let index = 0; index < recent.length; index++) {
      const prefix = recent[index] as SchemaPrefix;
      if (prefix.length > end - start || !this.#begins(bytes, start, prefix)) continue;
      if (index > 0) {
        recent[index] = recent[0] as SchemaPrefix;
        recent[0] = prefix;
      }
      return prefix.length;
    }
    return 0;
  }

  /** What belongs to the prefix that was matched or added last. */
  get latest(): KnownSchema {
    return (this.#recent[0] as SchemaPrefix).known;
  }

  /** What is known of a schema, by its text; `read` is called when nothing is. */
  lookUp(bytes: Uint8Array, start: number, end: number, read: () => Schema | null): KnownSchema {
    const text = latin1Slice(bytes, start, end);
    const found = this.#known.get(text);
    if (found !== undefined) return found;
    const known: KnownSchema = { schema: read(), uses: 0, decode: undefined };
    this.#known.set(text, known);
    return known;
  }

  /** Remembers what stands in front of a payload. */
  remember(bytes: Uint8Array, start: number, end: number, known: KnownSchema): void {
    const isSame = known.prefix?.length === end - start && this.#begins(bytes, start, known.prefix);
    if (known.prefix === undefined || !isSame) known.prefix = prefixOf(bytes.subarray(start, end), known);
    this.#recent.unshift(known.prefix);
    if (this.#recent.length > mostRecent) this.#recent.pop();
  }

  #begins(bytes: Uint8Array, start: number, { length, words, rest }: SchemaPrefix): boolean {
    // The end tells most schemas apart from their like.
    for (let index = 0, at = start + length - rest.length; index < rest.length; index++, at++) {
      if (bytes[at] !== rest[index]) return false;
    }
    const view = this.#viewOf(bytes);
    for (let index = 0, at = start; index < words.length; index++, at += 8) {
      if (view.getBigInt64(at, true) !== words[index]) return false;
    }
    return true;
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (this.#viewed === bytes) return this.#view;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.buffer.byteLength <= largestKeptBatch) {
      this.#viewed = bytes;
      this.#view = view;
    }
    return view;
  }
}

function prefixOf(bytes: Uint8Array, known: KnownSchema): SchemaPrefix {
  const copy = Buffer.from(bytes);
  const words = new BigInt64Array(copy.length >> 3);
  for (let index = 0; index < words.length; index++) words[index] = copy.readBigInt64LE(index * 8);
  return { length: copy.length, words, rest: copy.subarray(words.length * 8), known };
}
