const sharedBytes = 64 * 1024;
/** As much as a fetch response has at most by default, and some. What announces more may not be a frame at all. */
const largestFrame = 64 * 1024 * 1024;

/**
 * Where a socket puts what it receives. A frame that is larger than one read gets a buffer of its size, and the rest of it is
 * received straight into that: pieces that are joined later would be garbage of the same size once more, and garbage outside
 * of V8's heap makes it mark the whole heap again and again.
 */
export class ReceiveBuffer {
  readonly #onData: (bytes: Buffer) => void;
  readonly #shared = Buffer.allocUnsafeSlow(sharedBytes);
  /** Bytes at the start of `#shared` that are the beginning of a frame. */
  #held = 0;
  #frame: Buffer | undefined;
  #filled = 0;
  /** The stream is not understood, so it is only passed on. */
  #passing = false;

  /** @param onData gets the bytes in their order; they are its own. A large frame comes in one piece. */
  constructor(onData: (bytes: Buffer) => void) {
    this.#onData = onData;
  }

  /** Where the next bytes belong. */
  get free(): Buffer {
    return this.#frame === undefined ? this.#shared.subarray(this.#held) : this.#frame.subarray(this.#filled);
  }

  /** That many bytes were put into `free`. */
  received(count: number): void {
    const frame = this.#frame;
    if (frame === undefined) {
      this.#take(this.#held + count);
      return;
    }
    this.#filled += count;
    if (this.#filled < frame.length) return;
    this.#frame = undefined;
    this.#onData(frame);
  }

  #take(end: number): void {
    const shared = this.#shared;
    this.#held = 0;
    let start = 0;
    let whole = 0;
    while (!this.#passing && end - start >= 4) {
      whole = shared.readInt32BE(start) + 4;
      if (whole < 4 || whole > largestFrame) this.#passing = true;
      else if (start + whole > end) break;
      else start += whole;
    }
    if (this.#passing) start = end;
    const bytes = start === 0 ? undefined : Buffer.from(shared.subarray(0, start));
    const rest = end - start;
    if (rest >= 4 && whole > shared.length) {
      this.#frame = Buffer.allocUnsafeSlow(whole);
      this.#filled = shared.copy(this.#frame, 0, start, end);
    } else {
      shared.copyWithin(0, start, end);
      this.#held = rest;
    }
    if (bytes !== undefined) this.#onData(bytes);
  }
}
