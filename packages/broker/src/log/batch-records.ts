import {
  batchAttribute,
  batchField,
  batchOverhead,
  type CompressionCodec,
  compress,
  compressionIds,
  crc32c,
  decompress,
} from '@millrace/protocol';
import type { BatchInfo } from './batch-info.ts';

/** A record in the uncompressed records of its batch. */
export interface RecordRange {
  readonly offset: number;
  readonly start: number;
  readonly end: number;
  /** `null` for a record without a key. */
  readonly key: Buffer | null;
  readonly hasValue: boolean;
}

export interface BatchRecords {
  readonly codec: CompressionCodec;
  /** What the ranges refer to. */
  readonly buffer: Buffer;
  readonly records: readonly RecordRange[];
}

const largestBatch = 1024 * 1024 * 1024;

/** Finds the records of a batch. Their bytes hold offsets and times relative to the batch, so they can be copied as they are. */
export function recordsOf(bytes: Buffer, start: number, info: BatchInfo): BatchRecords {
  const codec = codecOf(info.attributes & batchAttribute.compression);
  const from = start + batchField.records;
  const end = start + info.size;
  const buffer = codec === 'none' ? bytes.subarray(from, end) : decompress(codec, bytes, from, end, largestBatch);
  const records: RecordRange[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++];
      if (byte === undefined || shift > 63n) throw new Error(`the records at offset ${info.baseOffset} cannot be read`);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number((value >> 1n) ^ -(value & 1n));
    }
  };
  for (let index = 0; index < info.recordCount; index++) {
    const recordStart = at;
    const length = varint();
    const recordEnd = at + length;
    at++;
    varint();
    const offset = info.baseOffset + varint();
    const keyLength = varint();
    const key = keyLength < 0 ? null : buffer.subarray(at, at + keyLength);
    at += Math.max(keyLength, 0);
    const hasValue = varint() >= 0;
    at = recordEnd;
    records.push({ offset, start: recordStart, end: recordEnd, key, hasValue });
  }
  return { codec, buffer, records };
}

/** The same batch with only some of its records; offsets, times and the producer stay as they are. */
export function withRecords(
  bytes: Buffer,
  start: number,
  { codec, buffer }: BatchRecords,
  kept: readonly RecordRange[],
): Buffer {
  const header = bytes.subarray(start, start + batchField.records);
  const whole = Buffer.concat([header, ...kept.map((record) => buffer.subarray(record.start, record.end))]);
  const batch = codec === 'none' ? whole : compress(codec, whole, batchField.records);
  header.copy(batch);
  batch.writeInt32BE(batch.length - batchOverhead, batchField.length);
  batch.writeInt32BE(kept.length, batchField.recordCount);
  batch.writeUInt32BE(crc32c(batch, batchField.attributes, batch.length), batchField.crc);
  return batch;
}

function codecOf(id: number): CompressionCodec {
  for (const [name, known] of Object.entries(compressionIds)) if (known === id) return name as CompressionCodec;
  throw new Error(`${id} is not a compression codec`);
}
