import { crc32c } from '../checksums/crc32c.ts';
import { type CompressionCodec, codecOf, decompress } from '../compression/compression.ts';
import { readInt16, readInt32, readInt64 } from '../primitives/integers.ts';
import { ProtocolError } from '../protocol-error.ts';
import { batchAttribute, batchField, batchOverhead } from './batch-header.ts';

export interface RecordBatchReaderOptions {
  /** Whether the CRC-32C of each batch is checked. Default: true. */
  readonly checksums?: boolean;
  /** A batch that decompresses to more is refused. Default: 1 GiB. */
  readonly maxDecompressedBytes?: number;
}

export type TimestampType = 'create' | 'logAppend';

/** A record takes at least this: its length, attributes, two deltas, two lengths and the header count. */
const smallestRecord = 7;

/**
 * Walks over record batches as they were fetched, without making an object per record. Ranges are positions in `buffer`,
 * which holds the records of the current batch: the fetched bytes, or what they were decompressed to.
 *
 * ```ts
 * reader.reset(partition.records);
 * while (reader.nextBatch()) {
 *   if (reader.isControl) continue;
 *   while (reader.next()) use(reader.offset, reader.buffer, reader.valueStart, reader.valueEnd);
 * }
 * position = reader.nextOffset;
 * ```
 *
 * Batches are decompressed by the first `next()`, so skipping one costs nothing. The fields of a batch and of a record
 * hold until the next call.
 */
export class RecordBatchReader {
  /** Size of the whole batch in the fetched bytes. */
  batchBytes = 0;
  /** Where the batch starts in the fetched bytes. */
  batchStart = 0;
  baseOffset = 0;
  lastOffset = -1;
  /** The offset behind the last batch that was entered, -1 before the first: where to fetch next, also after compaction. */
  nextOffset = -1;
  partitionLeaderEpoch = -1;
  maxTimestamp = -1;
  timestampType: TimestampType = 'create';
  compression: CompressionCodec = 'none';
  isTransactional = false;
  isControl = false;
  producerId = -1;
  producerEpoch = -1;
  baseSequence = -1;
  recordCount = 0;

  /** What the ranges of the current record refer to. */
  buffer: Buffer;
  offset = -1;
  timestamp = -1;
  /** -1 for a null key. */
  keyStart = -1;
  keyEnd = -1;
  /** -1 for a null value. */
  valueStart = -1;
  valueEnd = -1;
  headerCount = 0;
  headerNameStart = -1;
  headerNameEnd = -1;
  /** -1 for a null value. */
  headerValueStart = -1;
  headerValueEnd = -1;

  readonly #checksums: boolean;
  readonly #maxDecompressedBytes: number;
  #source: Buffer;
  #batchEnd: number;
  #sourceEnd: number;
  #baseTimestamp = -1;
  #recordsLeft = 0;
  #opened = false;
  /** Read position in `buffer`, and where the records and the current one end there. */
  #position = 0;
  #recordsEnd = 0;
  #recordEnd = 0;
  #headersStart = 0;
  #headersLeft = 0;

  constructor(options: RecordBatchReaderOptions = {}) {
    this.#checksums = options.checksums ?? true;
    this.#maxDecompressedBytes = options.maxDecompressedBytes ?? 1024 * 1024 * 1024;
    this.#source = Buffer.alloc(0);
    this.buffer = this.#source;
    this.#batchEnd = 0;
    this.#sourceEnd = 0;
  }

  /** Starts at the first batch of these bytes. */
  reset(bytes: Buffer, start = 0, end: number = bytes.length): void {
    this.#source = bytes;
    this.#batchEnd = start;
    this.#sourceEnd = end;
    this.#recordsLeft = 0;
    this.nextOffset = -1;
  }

  /** Bytes behind the batches that were entered: without a next batch those of one that the fetch cut off. */
  get remainingBytes(): number {
    return this.#sourceEnd - this.#batchEnd;
  }

  /** Enters the next complete batch; what is left of the current one is passed over. `false`: there is none. */
  nextBatch(): boolean {
    const start = this.#batchEnd;
    const left = this.#sourceEnd - start;
    this.#recordsLeft = 0;
    if (left < batchField.attributes) return false;
    const source = this.#source;
    const length = readInt32(source, start + batchField.length);
    const magic = source[start + batchField.magic]!;
    const baseOffset = readInt64(source, start + batchField.baseOffset);
    if (magic !== 2) {
      throw new ProtocolError(
        'UNSUPPORTED',
        magic < 2
          ? `the records at offset ${baseOffset} are in message format ${magic}, from before Kafka 0.11; only format 2 is read`
          : `the record batch at offset ${baseOffset} has the unknown format ${magic}`,
      );
    }
    if (length < batchField.records - batchOverhead) {
      throw new ProtocolError(
        'MALFORMED',
        `the record batch at offset ${baseOffset} states a length of ${length} bytes`,
      );
    }
    if (length + batchOverhead > left) return false;
    this.batchStart = start;
    this.batchBytes = length + batchOverhead;
    this.#enter(source, start, start + this.batchBytes, baseOffset);
    this.#batchEnd = start + this.batchBytes;
    this.nextOffset = this.lastOffset + 1;
    return true;
  }

  /** Moves to the next record of the batch. */
  next(): boolean {
    if (this.#recordsLeft === 0) return false;
    if (!this.#opened) this.#open();
    const length = this.#varint();
    const recordEnd = this.#position + length;
    if (length < smallestRecord - 1 || recordEnd > this.#recordsEnd)
      throw this.#malformed(`a record of ${length} bytes`);
    this.#recordEnd = recordEnd;
    this.#position++;
    const timestampDelta = this.#varlong();
    this.timestamp = this.timestampType === 'logAppend' ? this.maxTimestamp : this.#baseTimestamp + timestampDelta;
    const offset = this.baseOffset + this.#varint();
    if (offset < this.baseOffset || offset > this.lastOffset) throw this.#malformed(`a record at offset ${offset}`);
    this.offset = offset;

    let size = this.#varint();
    if (size < 0) {
      this.keyStart = -1;
      this.keyEnd = -1;
    } else {
      this.keyStart = this.#position;
      this.#position += size;
      this.keyEnd = this.#position;
    }
    size = this.#varint();
    if (size < 0) {
      this.valueStart = -1;
      this.valueEnd = -1;
    } else {
      this.valueStart = this.#position;
      this.#position += size;
      this.valueEnd = this.#position;
    }
    if (this.#position >= recordEnd) throw this.#malformed('a key or value that is longer than its record');
    this.headerCount = this.#varint();
    this.#headersStart = this.#position;
    this.#headersLeft = this.headerCount;
    if (this.headerCount < 0 || this.#position + this.headerCount * 2 > recordEnd) {
      throw this.#malformed(`a record with ${this.headerCount} headers`);
    }
    if (this.headerCount === 0 && this.#position !== recordEnd) throw this.#malformed('a record with surplus bytes');
    this.#position = recordEnd;
    if (--this.#recordsLeft === 0 && recordEnd !== this.#recordsEnd) {
      throw this.#malformed(`${this.#recordsEnd - recordEnd} bytes behind the last record`);
    }
    return true;
  }

  /** Moves to the next header of the record. */
  nextHeader(): boolean {
    if (this.#headersLeft === 0) return false;
    const resume = this.#position;
    this.#position = this.#headersStart;
    let size = this.#varint();
    if (size < 0) throw this.#malformed('a header without a name');
    this.headerNameStart = this.#position;
    this.#position += size;
    this.headerNameEnd = this.#position;
    size = this.#varint();
    if (size < 0) {
      this.headerValueStart = -1;
      this.headerValueEnd = -1;
    } else {
      this.headerValueStart = this.#position;
      this.#position += size;
      this.headerValueEnd = this.#position;
    }
    const end = this.#position;
    this.#headersLeft--;
    if (end > this.#recordEnd || (this.#headersLeft === 0 && end !== this.#recordEnd)) {
      throw this.#malformed('headers that do not fill their record');
    }
    this.#headersStart = end;
    this.#position = resume;
    return true;
  }

  #enter(source: Buffer, start: number, end: number, baseOffset: number): void {
    if (this.#checksums) {
      const stated = readInt32(source, start + batchField.crc) >>> 0;
      const computed = crc32c(source, start + batchField.attributes, end);
      if (stated !== computed) {
        throw new ProtocolError(
          'CHECKSUM',
          `the record batch at offset ${baseOffset} is corrupt: its checksum is ${computed}, but it states ${stated}`,
        );
      }
    }
    const attributes = readInt16(source, start + batchField.attributes);
    const baseTimestamp = readInt64(source, start + batchField.baseTimestamp);
    const lastOffsetDelta = readInt32(source, start + batchField.lastOffsetDelta);
    this.baseOffset = baseOffset;
    this.lastOffset = baseOffset + lastOffsetDelta;
    this.maxTimestamp = readInt64(source, start + batchField.maxTimestamp);
    this.producerId = readInt64(source, start + batchField.producerId);
    this.recordCount = readInt32(source, start + batchField.recordCount);
    if (
      !Number.isSafeInteger(baseOffset) ||
      !Number.isSafeInteger(this.lastOffset) ||
      !Number.isSafeInteger(this.producerId) ||
      !Number.isSafeInteger(baseTimestamp) ||
      !Number.isSafeInteger(this.maxTimestamp)
    ) {
      throw new ProtocolError(
        'MALFORMED',
        `the record batch at offset ${baseOffset} has an offset, timestamp or producer id that a number cannot hold exactly`,
      );
    }
    if (lastOffsetDelta < 0 || this.recordCount < 0 || baseOffset < 0) {
      throw new ProtocolError(
        'MALFORMED',
        `the record batch at offset ${baseOffset} states ${this.recordCount} records up to ${this.lastOffset}`,
      );
    }
    this.partitionLeaderEpoch = readInt32(source, start + batchField.partitionLeaderEpoch);
    this.producerEpoch = readInt16(source, start + batchField.producerEpoch);
    this.baseSequence = readInt32(source, start + batchField.baseSequence);
    this.timestampType = (attributes & batchAttribute.logAppendTime) !== 0 ? 'logAppend' : 'create';
    this.isTransactional = (attributes & batchAttribute.transactional) !== 0;
    this.isControl = (attributes & batchAttribute.control) !== 0;
    this.compression = codecOf(attributes & batchAttribute.compression);
    this.#baseTimestamp = baseTimestamp;
    this.#recordsLeft = this.recordCount;
    this.#opened = false;
    this.buffer = source;
    this.#position = start + batchField.records;
    this.#recordsEnd = end;
  }

  #open(): void {
    this.#opened = true;
    if (this.compression !== 'none') {
      try {
        this.buffer = decompress(
          this.compression,
          this.#source,
          this.#position,
          this.#recordsEnd,
          this.#maxDecompressedBytes,
        );
      } catch (error) {
        this.#recordsLeft = 0;
        throw error instanceof ProtocolError ? error.prepend(`record batch at offset ${this.baseOffset}`) : error;
      }
      this.#position = 0;
      this.#recordsEnd = this.buffer.length;
    }
    if (this.#recordsLeft * smallestRecord > this.#recordsEnd - this.#position) {
      throw this.#malformed(`${this.recordCount} records in ${this.#recordsEnd - this.#position} bytes`);
    }
  }

  /** Reads a 32-bit integer in zigzag form. */
  #varint(): number {
    const { buffer } = this;
    let position = this.#position;
    const first = buffer[position++]!;
    if (first < 0x80) {
      this.#position = position;
      return (first >>> 1) ^ -(first & 1);
    }
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = buffer[position++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#position = position;
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw this.#malformed('a variable-length integer beyond 32 bits');
  }

  /** Reads a 64-bit integer in zigzag form; what a number cannot hold exactly is refused. */
  #varlong(): number {
    const { buffer } = this;
    let position = this.#position;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = buffer[position++]!;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#position = position;
        return (low >>> 1) ^ -(low & 1);
      }
    }
    let value = low;
    let factor = 0x10000000;
    for (let count = 4; count < 10; count++) {
      const byte = buffer[position++]!;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) {
        this.#position = position;
        if (value > Number.MAX_SAFE_INTEGER) return this.#longDelta(position - count - 1, position);
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
    }
    throw this.#malformed('a variable-length integer beyond 64 bits');
  }

  #longDelta(start: number, end: number): number {
    let value = 0n;
    for (let position = end - 1; position >= start; position--) {
      value = (value << 7n) | BigInt(this.buffer[position]! & 0x7f);
    }
    const delta = (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
    if (!Number.isSafeInteger(Number(delta) + this.#baseTimestamp) || !Number.isSafeInteger(Number(delta))) {
      throw this.#malformed(`a timestamp ${delta} from the first, which a number cannot hold exactly`);
    }
    return Number(delta);
  }

  #malformed(what: string): ProtocolError {
    this.#recordsLeft = 0;
    return new ProtocolError(
      'MALFORMED',
      `the record batch at offset ${this.baseOffset} has ${what}, at byte ${this.#position} of ${this.#recordsEnd}`,
    );
  }
}
