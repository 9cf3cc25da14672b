/**
 * The growing buffer that a record batch is built in. Write with `reserve(n)`, then into `buffer` from `position` on,
 * then move `position`; a reader of this interface may be any object of that shape.
 */
export interface ByteWriter {
  /** What has been written stands in front of `position`. Another object after every `reserve`. */
  buffer: Buffer;
  position: number;
  /** Makes room for that many more bytes. */
  reserve(bytes: number): void;
}

/** A {@link ByteWriter} over memory of its own. */
export function createByteWriter(initialBytes = 256): ByteWriter {
  return {
    buffer: Buffer.allocUnsafe(initialBytes),
    position: 0,
    reserve(bytes) {
      const needed = this.position + bytes;
      if (needed <= this.buffer.length) return;
      const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, this.position);
      this.buffer = grown;
    },
  };
}
