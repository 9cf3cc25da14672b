import { crc32c } from '../checksums/crc32c.ts';
import { readInt16, readInt32, readInt64, writeInt16, writeInt32, writeInt64 } from '../primitives/integers.ts';

/** Where the fields of a record batch (magic 2) stand, counted from its first byte. */
export const batchField = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** What the `length` field does not count: the base offset and itself. */
export const batchOverhead = 12;

export const batchAttribute = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const;

export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

export function batchBaseOffset(batch: Uint8Array, start = 0): number {
  return readInt64(batch, start + batchField.baseOffset);
}

/** Size of the whole batch. */
export function batchSize(batch: Uint8Array, start = 0): number {
  return readInt32(batch, start + batchField.length) + batchOverhead;
}

export function batchLastOffset(batch: Uint8Array, start = 0): number {
  return batchBaseOffset(batch, start) + readInt32(batch, start + batchField.lastOffsetDelta);
}

export function batchProducerState(batch: Uint8Array, start = 0): ProducerState {
  return {
    producerId: readInt64(batch, start + batchField.producerId),
    producerEpoch: readInt16(batch, start + batchField.producerEpoch),
    baseSequence: readInt32(batch, start + batchField.baseSequence),
  };
}

/** Gives a finished batch its place in the log. The checksum does not cover it. */
export function setBatchBaseOffset(batch: Uint8Array, baseOffset: number, partitionLeaderEpoch: number): void {
  writeInt64(batch, batchField.baseOffset, baseOffset);
  writeInt32(batch, batchField.partitionLeaderEpoch, partitionLeaderEpoch);
}

/** Gives a finished batch another producer, as after an epoch bump, and computes its checksum anew. */
export function setBatchProducerState(batch: Uint8Array, producer: ProducerState): void {
  writeInt64(batch, batchField.producerId, producer.producerId);
  writeInt16(batch, batchField.producerEpoch, producer.producerEpoch);
  writeInt32(batch, batchField.baseSequence, producer.baseSequence);
  writeBatchChecksum(batch);
}

/** Makes all records of a finished batch have the time at which the broker appended them. */
export function setBatchLogAppendTime(batch: Uint8Array, timestamp: number): void {
  writeInt16(batch, batchField.attributes, readInt16(batch, batchField.attributes) | batchAttribute.logAppendTime);
  writeInt64(batch, batchField.maxTimestamp, timestamp);
  writeBatchChecksum(batch);
}

/** The sequence that follows after so many records: sequences go around at 2³¹, as Java's. */
export function nextSequence(sequence: number, records: number): number {
  return (sequence + records) % 0x80000000;
}

export function writeBatchChecksum(batch: Uint8Array): void {
  writeInt32(batch, batchField.crc, crc32c(batch, batchField.attributes, batch.length));
}
