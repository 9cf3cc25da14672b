import { ProtocolError } from '../protocol-error.ts';

/** What is being decompressed: grows by doubling up to a limit. */
export class GrowingOutput {
  buffer: Buffer;
  position = 0;
  readonly #limit: number;
  readonly #codec: string;

  constructor(codec: string, expected: number, limit: number) {
    this.#codec = codec;
    this.#limit = limit;
    this.buffer = Buffer.allocUnsafeSlow(Math.min(expected, limit));
  }

  reserve(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.buffer.length) return;
    if (needed > this.#limit) {
      throw new ProtocolError('TOO_LARGE', `${this.#codec} data decompresses to more than ${this.#limit} bytes`);
    }
    const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(needed, this.buffer.length * 2), this.#limit));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }

  /** What was written. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.position);
  }
}
