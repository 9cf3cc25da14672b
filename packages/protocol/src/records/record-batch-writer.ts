import { type CompressionCodec, compress, compressionIds } from '../compression/compression.ts';
import { copyBytes } from '../primitives/copy-bytes.ts';
import { writeInt16, writeInt32, writeInt64 } from '../primitives/integers.ts';
import { unsignedVarintSize, varintSize, writeVarint, writeVarlong } from '../primitives/varint.ts';
import { ProtocolError } from '../protocol-error.ts';
import { batchAttribute, batchField, batchOverhead, type ProducerState, writeBatchChecksum } from './batch-header.ts';

export interface RecordBatchOptions {
  readonly compression?: CompressionCodec;
  /** For gzip and zstd; their own default when left out. */
  readonly compressionLevel?: number;
  /** Of an idempotent or transactional producer. */
  readonly producer?: ProducerState;
  readonly transactional?: boolean;
  /** The records are control records, as {@link encodeControlBatch} writes them. */
  readonly control?: boolean;
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
}

export interface RecordHeader {
  readonly name: string;
  readonly value: Uint8Array | null;
}

/** What the writer expects next. */
const phase = { record: 0, key: 1, inKey: 2, value: 3, inValue: 4, headers: 5, header: 6, inHeader: 7 } as const;
const phaseNames = [
  'a record',
  'a key',
  'the key to end',
  'a value',
  'the value to end',
  'headers',
  'a header',
  'the header to end',
];

const emptyBuffer = Buffer.alloc(0);

/**
 * Builds record batches (magic 2) in place: keys, values and header values are written straight into the batch, through
 * `buffer`, `position` and `reserve` as into any growing buffer.
 *
 * ```ts
 * writer.begin();
 * writer.beginRecord(timestamp);
 * writer.beginKey();
 * writer.endKey(keyConverter.encode(topic, keySchema, key, writer));
 * writer.beginValue();
 * writer.endValue(valueConverter.encode(topic, valueSchema, value, writer));
 * writer.endRecord();
 * const batch = writer.finish({ compression: 'zstd' });
 * ```
 *
 * When something throws between `beginRecord` and `endRecord`, `rollback()` takes the record away again. The length of
 * what is written in place is only known afterwards: room for it is kept as the last one of its kind needed, and only
 * where that was wrong the bytes are moved.
 */
export class RecordBatchWriter {
  /** Replaced when it grows: read it again after `reserve` and after every call. */
  buffer: Buffer = emptyBuffer;
  position = 0;
  #phase: number = phase.record;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;
  #recordStart = 0;
  #recordTimestamp = 0;
  #fieldStart = 0;
  #headersLeft = 0;
  #recordLengthSize = 1;
  #keyLengthSize = 1;
  #valueLengthSize = 1;
  #headerLengthSize = 1;

  /** Starts a batch. It is built in `memory` where that is given, for instance that of a batch that was acknowledged. */
  begin(memory?: Buffer): void {
    if (memory !== undefined) this.buffer = memory;
    if (this.buffer.length < batchField.records) this.buffer = Buffer.allocUnsafeSlow(16_384);
    this.position = batchField.records;
    this.#phase = phase.record;
    this.#count = 0;
    this.#maxTimestamp = -1;
  }

  /** Complete records in the batch. */
  get recordCount(): number {
    return this.#count;
  }

  /** Size of the batch so far, before compression. */
  get byteLength(): number {
    return this.position;
  }

  reserve(bytes: number): void {
    const needed = this.position + bytes;
    if (needed > this.buffer.length) this.#grow(needed);
  }

  /** Starts a record; -1 stands for no timestamp. */
  beginRecord(timestamp: number): void {
    this.#expect(phase.record);
    if (!Number.isSafeInteger(timestamp) || timestamp < -1) {
      throw new ProtocolError('INVALID_VALUE', `${timestamp} is not a record timestamp: milliseconds, or -1 for none`);
    }
    if (this.position < batchField.records) throw new ProtocolError('INVALID_VALUE', 'begin() starts a batch');
    this.reserve(32);
    const start = this.position;
    const { buffer } = this;
    if (this.#count === 0) this.#baseTimestamp = timestamp;
    this.#recordTimestamp = timestamp;
    this.#recordStart = start;
    let at = start + this.#recordLengthSize;
    buffer[at++] = 0;
    at = writeVarlong(buffer, at, timestamp - this.#baseTimestamp);
    this.position = writeVarint(buffer, at, this.#count);
    this.#phase = phase.key;
  }

  /** Starts a key that is written in place. */
  beginKey(): void {
    this.#expect(phase.key);
    this.#beginField(this.#keyLengthSize);
    this.#phase = phase.inKey;
  }

  /** Ends the key; `false` makes it null whatever was written. */
  endKey(present = true): void {
    this.#expect(phase.inKey);
    this.#keyLengthSize = this.#endField(present, this.#keyLengthSize);
    this.#phase = phase.value;
  }

  /** The key as a whole. */
  key(bytes: Uint8Array | null): void {
    this.#expect(phase.key);
    this.#bytes(bytes);
    this.#phase = phase.value;
  }

  /** Starts a value that is written in place. */
  beginValue(): void {
    this.#expect(phase.value);
    this.#beginField(this.#valueLengthSize);
    this.#phase = phase.inValue;
  }

  /** Ends the value; `false` makes it null whatever was written. */
  endValue(present = true): void {
    this.#expect(phase.inValue);
    this.#valueLengthSize = this.#endField(present, this.#valueLengthSize);
    this.#phase = phase.headers;
  }

  /** The value as a whole. */
  value(bytes: Uint8Array | null): void {
    this.#expect(phase.value);
    this.#bytes(bytes);
    this.#phase = phase.headers;
  }

  /** Says how many headers follow; a record without headers needs no call. */
  headers(count: number): void {
    this.#expect(phase.headers);
    this.reserve(5);
    this.position = writeVarint(this.buffer, this.position, count);
    this.#headersLeft = count;
    this.#phase = phase.header;
  }

  /** Starts a header whose value is written in place. */
  beginHeader(name: string): void {
    this.#expect(phase.header);
    this.#headerName(name);
    this.#beginField(this.#headerLengthSize);
    this.#phase = phase.inHeader;
  }

  /** Ends the header's value; `false` makes it null whatever was written. */
  endHeader(present = true): void {
    this.#expect(phase.inHeader);
    this.#headerLengthSize = this.#endField(present, this.#headerLengthSize);
    this.#headersLeft--;
    this.#phase = phase.header;
  }

  /** A header as a whole. */
  header(name: string, value: Uint8Array | null): void {
    this.#expect(phase.header);
    this.#headerName(name);
    this.#bytes(value);
    this.#headersLeft--;
  }

  /** Completes the record. */
  endRecord(): void {
    if (this.#phase === phase.headers) {
      this.reserve(1);
      this.buffer[this.position++] = 0;
    } else {
      this.#expect(phase.header);
      if (this.#headersLeft !== 0) {
        throw new ProtocolError('INVALID_VALUE', `${this.#headersLeft} headers fewer were written than announced`);
      }
    }
    this.#recordLengthSize = this.#patchLength(this.#recordStart, this.#recordLengthSize);
    if (this.#recordTimestamp > this.#maxTimestamp) this.#maxTimestamp = this.#recordTimestamp;
    this.#count++;
    this.#phase = phase.record;
  }

  /** Takes the record away that has been started and not ended; without one it does nothing. */
  rollback(): void {
    if (this.#phase === phase.record) return;
    this.position = this.#recordStart;
    this.#phase = phase.record;
  }

  /** A whole record. */
  append(timestamp: number, key: Uint8Array | null, value: Uint8Array | null, headers?: readonly RecordHeader[]): void {
    this.beginRecord(timestamp);
    try {
      this.#bytes(key);
      this.#bytes(value);
      this.#phase = phase.headers;
      if (headers !== undefined && headers.length > 0) {
        this.headers(headers.length);
        for (const header of headers) this.header(header.name, header.value);
      }
      this.endRecord();
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /**
   * Completes the batch. Its memory belongs to the caller from now on; the writer is ready for the next `begin`.
   */
  finish(options: RecordBatchOptions = {}): Buffer {
    this.#expect(phase.record);
    if (this.position < batchField.records) throw new ProtocolError('INVALID_VALUE', 'begin() starts a batch');
    const codec = options.compression ?? 'none';
    let batch = this.buffer.subarray(0, this.position);
    if (codec === 'none') {
      this.buffer = emptyBuffer;
    } else {
      batch = compress(codec, batch, batchField.records, options.compressionLevel);
    }
    this.position = 0;
    this.#writeHeader(batch, codec, options);
    return batch;
  }

  #writeHeader(batch: Buffer, codec: CompressionCodec, options: RecordBatchOptions): void {
    const { producer } = options;
    writeInt64(batch, batchField.baseOffset, options.baseOffset ?? 0);
    writeInt32(batch, batchField.length, batch.length - batchOverhead);
    writeInt32(batch, batchField.partitionLeaderEpoch, options.partitionLeaderEpoch ?? -1);
    batch[batchField.magic] = 2;
    writeInt16(
      batch,
      batchField.attributes,
      compressionIds[codec] |
        (options.transactional === true ? batchAttribute.transactional : 0) |
        (options.control === true ? batchAttribute.control : 0),
    );
    writeInt32(batch, batchField.lastOffsetDelta, this.#count - 1);
    writeInt64(batch, batchField.baseTimestamp, this.#count === 0 ? -1 : this.#baseTimestamp);
    writeInt64(batch, batchField.maxTimestamp, this.#maxTimestamp);
    writeInt64(batch, batchField.producerId, producer?.producerId ?? -1);
    writeInt16(batch, batchField.producerEpoch, producer?.producerEpoch ?? -1);
    writeInt32(batch, batchField.baseSequence, producer?.baseSequence ?? -1);
    writeInt32(batch, batchField.recordCount, this.#count);
    writeBatchChecksum(batch);
  }

  #expect(expected: number): void {
    if (this.#phase !== expected) {
      throw new ProtocolError(
        'INVALID_VALUE',
        `the record batch expects ${phaseNames[this.#phase]}, not ${phaseNames[expected]}`,
      );
    }
  }

  #headerName(name: string): void {
    if (this.#headersLeft === 0) throw new ProtocolError('INVALID_VALUE', 'more headers than announced');
    const { length } = name;
    this.reserve(length * 3 + 16);
    const { buffer } = this;
    let at = writeVarint(buffer, this.position, length);
    for (let index = 0; index < length; index++) {
      const unit = name.charCodeAt(index);
      if (unit > 0x7f) {
        at = writeVarint(buffer, this.position, Buffer.byteLength(name));
        this.position = at + buffer.write(name, at, 'utf8');
        return;
      }
      buffer[at++] = unit;
    }
    this.position = at;
  }

  #bytes(bytes: Uint8Array | null): void {
    if (bytes === null) {
      this.reserve(1);
      this.buffer[this.position++] = 1;
      return;
    }
    this.reserve(bytes.length + 5);
    const start = writeVarint(this.buffer, this.position, bytes.length);
    this.position = copyBytes(bytes, 0, this.buffer, start, bytes.length);
  }

  #beginField(lengthSize: number): void {
    this.reserve(lengthSize);
    this.#fieldStart = this.position;
    this.position += lengthSize;
  }

  #endField(present: boolean, lengthSize: number): number {
    if (present) return this.#patchLength(this.#fieldStart, lengthSize);
    this.position = this.#fieldStart + 1;
    this.buffer[this.#fieldStart] = 1;
    return lengthSize;
  }

  /** Writes the length at `start`, where room for `kept` bytes was left, and returns how many it took. */
  #patchLength(start: number, kept: number): number {
    const from = start + kept;
    const length = this.position - from;
    if (length < 0) throw new ProtocolError('INVALID_VALUE', 'the position was moved in front of what was written');
    const size = varintSize(length);
    if (size !== kept) {
      this.reserve(unsignedVarintSize(0xffffffff));
      this.buffer.copyWithin(start + size, from, this.position);
      this.position = start + size + length;
    }
    writeVarint(this.buffer, start, length);
    return size;
  }

  #grow(needed: number): void {
    if (needed > 0x7fffffff) throw new ProtocolError('TOO_LARGE', 'a record batch cannot be larger than 2 GiB');
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }
}
