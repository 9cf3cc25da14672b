import { ProtocolError } from '../protocol-error.ts';
import { readInt16, readInt32, readInt64 } from './integers.ts';

/** Reads Kafka's primitive types from a range of a buffer. Everything it returns as bytes is a view, never a copy. */
export class ByteReader {
  readonly buffer: Buffer;
  position: number;
  readonly end: number;

  constructor(buffer: Buffer, start = 0, end: number = buffer.length) {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves over that many bytes and returns where they start. */
  take(bytes: number): number {
    const start = this.position;
    if (bytes < 0 || bytes > this.end - start) {
      throw new ProtocolError('MALFORMED', `${bytes} bytes expected at ${start}, but ${this.end - start} are left`);
    }
    this.position = start + bytes;
    return start;
  }

  bool(): boolean {
    return this.buffer[this.take(1)] !== 0;
  }

  int8(): number {
    return (this.buffer[this.take(1)]! << 24) >> 24;
  }

  int16(): number {
    return readInt16(this.buffer, this.take(2));
  }

  int32(): number {
    return readInt32(this.buffer, this.take(4));
  }

  /** An offset, timestamp, size or id: a 64-bit integer that a number can hold exactly. */
  int64(): number {
    const start = this.take(8);
    const value = readInt64(this.buffer, start);
    if (!Number.isSafeInteger(value)) {
      throw new ProtocolError(
        'MALFORMED',
        `${this.buffer.readBigInt64BE(start)} at ${start} is beyond what a number can hold exactly`,
      );
    }
    return value;
  }

  bigint64(): bigint {
    return this.buffer.readBigInt64BE(this.take(8));
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.take(1)]!;
      if (byte < 0x80) {
        if (shift === 28 && byte > 0x0f) break;
        return (value | (byte << shift)) >>> 0;
      }
      value |= (byte & 0x7f) << shift;
    }
    throw new ProtocolError('MALFORMED', `the variable-length integer before ${this.position} is longer than 32 bits`);
  }

  /** The 22 characters that Kafka prints. */
  uuid(): string {
    const start = this.take(16);
    return this.buffer.toString('base64url', start, start + 16);
  }

  utf8(bytes: number): string {
    const start = this.take(bytes);
    return this.buffer.toString('utf8', start, start + bytes);
  }

  bytes(length: number): Buffer {
    const start = this.take(length);
    return this.buffer.subarray(start, start + length);
  }
}
