import { ProtocolError } from '../protocol-error.ts';
import { writeInt16, writeInt32, writeInt64 } from './integers.ts';
import { writeUnsignedVarint } from './varint.ts';

/** From this size on bytes are passed on by reference: below it, a copy is cheaper than one more piece for the socket. */
const referencedBytes = 4096;

/**
 * Writes Kafka's primitive types. Long byte ranges (record batches) are not copied: the result is a list of pieces,
 * ready for `writev`.
 */
export class MessageWriter {
  buffer: Buffer;
  position = 0;
  readonly #pieces: Uint8Array[] = [];
  #pieceStart = 0;
  #pieceBytes = 0;

  constructor(initialBytes = 512) {
    this.buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** Makes room for that many more bytes. */
  reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const kept = this.position - this.#pieceStart;
    const grown = Buffer.allocUnsafe(Math.max(kept + bytes, this.buffer.length * 2));
    this.buffer.copy(grown, 0, this.#pieceStart, this.position);
    this.buffer = grown;
    this.#pieceStart = 0;
    this.position = kept;
  }

  /** Bytes written so far, those by reference included. */
  get byteLength(): number {
    return this.#pieceBytes + this.position - this.#pieceStart;
  }

  bool(value: boolean): void {
    if (typeof value !== 'boolean') throw unfit(value, 'bool');
    this.reserve(1);
    this.buffer[this.position++] = value ? 1 : 0;
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw unfit(value, 'int8');
    this.reserve(1);
    this.buffer[this.position++] = value;
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw unfit(value, 'int16');
    this.reserve(2);
    writeInt16(this.buffer, this.position, value);
    this.position += 2;
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw unfit(value, 'int32');
    this.reserve(4);
    writeInt32(this.buffer, this.position, value);
    this.position += 4;
  }

  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw unfit(value, 'int64');
    this.reserve(8);
    writeInt64(this.buffer, this.position, value);
    this.position += 8;
  }

  bigint64(value: bigint): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw unfit(value, 'int64');
    this.reserve(8);
    this.position = this.buffer.writeBigInt64BE(value, this.position);
  }

  unsignedVarint(value: number): void {
    this.reserve(5);
    this.position = writeUnsignedVarint(this.buffer, this.position, value);
  }

  uuid(value: string): void {
    this.reserve(18);
    if (typeof value !== 'string' || value.length !== 22 || this.buffer.write(value, this.position, 'base64url') !== 16)
      throw unfit(value, 'uuid (22 characters of base64url)');
    this.position += 16;
  }

  utf8(value: string, bytes: number): void {
    this.reserve(bytes);
    this.buffer.write(value, this.position, bytes, 'utf8');
    this.position += bytes;
  }

  bytes(value: Uint8Array): void {
    if (value.length < referencedBytes) {
      this.reserve(value.length);
      this.buffer.set(value, this.position);
      this.position += value.length;
      return;
    }
    this.#cut();
    this.#pieces.push(value);
    this.#pieceBytes += value.length;
  }

  /** All that was written, in pieces; the writer must not be used afterwards. */
  finish(): Uint8Array[] {
    this.#cut();
    return this.#pieces;
  }

  #cut(): void {
    if (this.position === this.#pieceStart) return;
    this.#pieces.push(this.buffer.subarray(this.#pieceStart, this.position));
    this.#pieceBytes += this.position - this.#pieceStart;
    this.#pieceStart = this.position;
  }
}

function unfit(value: unknown, type: string): ProtocolError {
  return new ProtocolError('INVALID_VALUE', `${String(value)} is not a value of type ${type}`);
}
