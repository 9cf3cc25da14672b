import { isUtf8 } from 'node:buffer';
import { DataError, type Schema } from '@millrace/api';

/** What one format does with the bytes that {@link RecordReader} hands it. */
export interface ReadFormat {
  /**
   * Where the line feed stands that ends the record, `-1` when it has not come yet. Called with the bytes of a record
   * in order, each once: `from` is where the last call for this record stopped looking.
   */
  findEnd(bytes: Buffer, from: number): number;
  /** A record starts, or the bytes have moved: positions kept since the last call mean nothing now. */
  moved(recordStarts: boolean): void;
  /** Whether the start of the file must be read before anything else can be understood. */
  needsStart(): boolean;
  /**
   * Takes the text of one record, without its line end; `false` when it is none, such as a blank line or a header.
   *
   * @throws DataError when the text is no record of the format.
   */
  decode(text: string): boolean;
  readonly value: unknown;
  readonly schema: Schema | null;
}

export interface ReadLimits {
  /** Longest record in bytes; what is longer is never held in memory. */
  readonly maxBytes: number;
  /** What happens to a longer record: it is a DataError, or its first `maxBytes` are the record. */
  readonly longRecords: 'fail' | 'truncate';
  /** What happens to bytes that are not UTF-8: U+FFFD stands for them, or the record is a DataError. */
  readonly invalidUtf8: 'replace' | 'fail';
}

/**
 * Cuts the bytes of a file into records: give it chunks with `push`, take records with `next` until it says no. It
 * copies what it is given, so a chunk may be reused, and holds no more than one chunk and one longest record.
 *
 * A record that is wrong makes `next` throw; the call after that goes on behind it.
 */
export class RecordReader {
  readonly #format: ReadFormat;
  readonly #limits: ReadLimits;
  #memory: Buffer = Buffer.alloc(0);
  /** The part of the memory that holds bytes of the file. */
  #bytes: Buffer = this.#memory;
  /** Start of the record within `#bytes`. */
  #start = 0;
  /** No record ends in front of this. */
  #scanned = 0;
  #position = 0;
  /** Bytes of a long record that are gone already. */
  #dropped = 0;
  /** First bytes of a long record, when they are to stand for it. */
  #head: Buffer | undefined;
  #ended = false;

  constructor(format: ReadFormat, limits: ReadLimits) {
    this.#format = format;
    this.#limits = limits;
  }

  /** Bytes of the file in front of the next record: a reader that is restarted there gives what follows. */
  get position(): number {
    return this.#position;
  }

  /** What the last `next` has found. */
  get value(): unknown {
    return this.#format.value;
  }

  /** `null`: the value has none. */
  get schema(): Schema | null {
    return this.#format.schema;
  }

  /** Bytes that were pushed and belong to no record yet; `true` also for a long record that is being dropped. */
  get hasRest(): boolean {
    return this.#start < this.#bytes.length || this.#dropped > 0;
  }

  /** Whether the file must be read from its start, for the names of columns, before `restart` can go elsewhere. */
  get needsStart(): boolean {
    return this.#format.needsStart();
  }

  /** Forgets what it holds; the next bytes pushed are those from `position` on. */
  restart(position: number): void {
    this.#memory = this.#bytes = Buffer.alloc(0);
    this.#start = this.#scanned = this.#dropped = 0;
    this.#head = undefined;
    this.#ended = false;
    this.#position = position;
    this.#format.moved(true);
  }

  push(chunk: Uint8Array): void {
    const rest = this.#bytes.length - this.#start;
    const needed = rest + chunk.length;
    const memory =
      needed <= this.#memory.length ? this.#memory : Buffer.allocUnsafe(Math.max(needed, this.#memory.length * 2));
    memory.set(this.#bytes.subarray(this.#start), 0);
    memory.set(chunk, rest);
    this.#memory = memory;
    this.#bytes = memory.subarray(0, needed);
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#ended = false;
    this.#format.moved(false);
  }

  /** What has been pushed is all there is: the rest is a record, though no line feed ends it. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Whether there is another record; `value`, `schema` and `position` are then those of it.
   *
   * @throws DataError when the record is wrong; `position` is behind it, as far as it has been read.
   */
  next(): boolean {
    for (;;) {
      const found = this.#format.findEnd(this.#bytes, this.#scanned);
      if (found < 0 && !this.#ended) {
        this.#scanned = this.#bytes.length;
        this.#dropIfTooLong();
        return false;
      }
      if (found < 0 && !this.hasRest) return false;
      if (this.#take(found < 0 ? this.#bytes.length : found, found < 0 ? 0 : 1)) return true;
    }
  }

  /** Takes the record in front of `stop`. */
  #take(stop: number, lineFeed: number): boolean {
    const { maxBytes, longRecords } = this.#limits;
    const start = this.#start;
    const isFirst = this.#position === 0;
    const length = this.#dropped + stop - start;
    const head = this.#head;
    const wasDropped = this.#dropped > 0;
    this.#start = this.#scanned = stop + lineFeed;
    this.#position += length + lineFeed;
    this.#dropped = 0;
    this.#head = undefined;
    this.#format.moved(true);
    if (head !== undefined) return this.#decode(head, 0, head.length, isFirst);
    if (wasDropped) return false;
    if (length <= maxBytes + 1) {
      const end = stop > start && this.#bytes[stop - 1] === 0x0d ? stop - 1 : stop;
      if (end - start <= maxBytes) return this.#decode(this.#bytes, start, end, isFirst);
    }
    if (longRecords === 'fail') throw this.#tooLong(this.#position - length - lineFeed);
    return this.#decode(this.#bytes, start, characterBoundary(this.#bytes, start, start + maxBytes), isFirst);
  }

  #dropIfTooLong(): void {
    const { maxBytes, longRecords } = this.#limits;
    const length = this.#bytes.length - this.#start;
    const isNews = this.#dropped === 0;
    // One more: a carriage return in front of the line feed does not count.
    if (isNews && length <= maxBytes + 1) return;
    if (isNews && longRecords === 'truncate') {
      const end = characterBoundary(this.#bytes, this.#start, this.#start + maxBytes);
      this.#head = Buffer.from(this.#bytes.subarray(this.#start, end));
    }
    this.#dropped += length;
    this.#start = this.#scanned = this.#bytes.length;
    if (isNews && longRecords === 'fail') throw this.#tooLong(this.#position);
  }

  #decode(bytes: Buffer, start: number, end: number, isFirst: boolean): boolean {
    const from = isFirst && startsWithByteOrderMark(bytes, start, end) ? start + 3 : start;
    if (this.#limits.invalidUtf8 === 'fail' && !isUtf8(bytes.subarray(from, end))) {
      throw new DataError('It is not valid UTF-8.', { code: 'INVALID_UTF8' });
    }
    return this.#format.decode(bytes.toString('utf8', from, end));
  }

  #tooLong(position: number): DataError {
    return new DataError(`The record at byte ${position} is longer than ${this.#limits.maxBytes} bytes.`, {
      code: 'RECORD_TOO_LONG',
    });
  }
}

function startsWithByteOrderMark(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}

/** The last place in front of `end` where no character is cut in two. */
function characterBoundary(bytes: Buffer, start: number, end: number): number {
  let boundary = end;
  while (boundary > start && boundary > end - 3 && ((bytes[boundary] ?? 0) & 0xc0) === 0x80) boundary--;
  return boundary;
}
