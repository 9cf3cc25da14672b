import { isAscii } from 'node:buffer';
import { lineTooLong } from './errors.ts';
import type { FileStreamInput } from './file-stream-input.ts';

const chunkBytes = 1 << 18;
/** Far more than Kafka takes. */
const longestLine = 1 << 26;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Splits what an input gives into lines, which end with `\n`, `\r\n` or `\r`. A `\r` counts once the byte behind it is there,
 * and a line without an end is not given.
 */
export class FileStreamLines {
  readonly #input: FileStreamInput;
  #bytes = Buffer.allocUnsafeSlow(chunkBytes);
  /** The part of the bytes that holds something; views are made once per chunk. */
  #filled: Buffer = this.#bytes.subarray(0, 0);
  /** Where the next line starts. */
  #start = 0;
  /** The next `\n` and the next `\r`; the end where there is none. */
  #feed = 0;
  #return = 0;
  #encoding: 'latin1' | 'utf8' = 'latin1';
  /** The place in the input where the bytes start. */
  #origin: number;

  constructor(input: FileStreamInput, position: number) {
    this.#input = input;
    this.#origin = position;
  }

  /** The place in the input behind the last line that was given. */
  get position(): number {
    return this.#origin + this.#start;
  }

  /** Where the next bytes come from. */
  get readPosition(): number {
    return this.#origin + this.#filled.length;
  }

  /** The next line that is there as a whole. */
  next(): string | undefined {
    const filled = this.#filled;
    const start = this.#start;
    const end = Math.min(this.#feed, this.#return);
    if (end === filled.length) return undefined;
    if (end === this.#feed) {
      this.#start = end + 1;
      this.#feed = indexOrEnd(filled, lineFeed, this.#start);
    } else {
      if (end + 1 === filled.length) return undefined;
      this.#start = end + 1;
      if (this.#feed === this.#start) {
        this.#start++;
        this.#feed = indexOrEnd(filled, lineFeed, this.#start);
      }
      this.#return = indexOrEnd(filled, carriageReturn, this.#start);
    }
    return filled.toString(this.#encoding, start, end);
  }

  /**
   * Takes more from the input, once `next` gives nothing any more.
   *
   * @returns whether there was any.
   */
  async fill(): Promise<boolean> {
    this.#makeRoom();
    const kept = this.#filled.length;
    const count = await this.#input.read(this.#bytes, kept, this.readPosition);
    if (count === 0) return false;
    const filled = this.#bytes.subarray(0, kept + count);
    this.#filled = filled;
    this.#feed = indexOrEnd(filled, lineFeed, kept);
    // The last byte in front of the new ones may be a `\r` that waited for them.
    this.#return = indexOrEnd(filled, carriageReturn, Math.max(0, kept - 1));
    this.#encoding = isAscii(filled) ? 'latin1' : 'utf8';
    return true;
  }

  /** What is left of the last chunk goes to the front; a line that fills everything gets twice the room. */
  #makeRoom(): void {
    const kept = this.#filled.length - this.#start;
    if (kept === this.#bytes.length && kept >= longestLine) {
      throw lineTooLong(this.#input.name, this.position, longestLine);
    }
    const from = this.#bytes;
    if (kept === from.length) this.#bytes = Buffer.allocUnsafeSlow(kept * 2);
    else if (kept === 0 && from.length > chunkBytes) this.#bytes = Buffer.allocUnsafeSlow(chunkBytes);
    from.copy(this.#bytes, 0, this.#start, this.#filled.length);
    this.#origin += this.#start;
    this.#feed -= this.#start;
    this.#return -= this.#start;
    this.#start = 0;
    this.#filled = this.#bytes.subarray(0, kept);
  }
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index < 0 ? bytes.length : index;
}
