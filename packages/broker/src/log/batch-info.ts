import { batchAttribute, batchField, batchOverhead, crc32c } from '@millrace/protocol';
import { RequestError } from '../request-error.ts';

/** What the header of a record batch says. */
export interface BatchInfo {
  readonly baseOffset: number;
  /** Of the whole batch, in bytes. */
  readonly size: number;
  readonly lastOffsetDelta: number;
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Reads a header; `undefined` where there is none that could be right. The checksum is not looked at. */
export function readBatchInfo(bytes: Buffer, start: number, end: number): BatchInfo | undefined {
  if (end - start < batchField.records || bytes[start + batchField.magic] !== 2) return undefined;
  const info = {
    baseOffset: Number(bytes.readBigInt64BE(start + batchField.baseOffset)),
    size: bytes.readInt32BE(start + batchField.length) + batchOverhead,
    lastOffsetDelta: bytes.readInt32BE(start + batchField.lastOffsetDelta),
    attributes: bytes.readInt16BE(start + batchField.attributes),
    baseTimestamp: Number(bytes.readBigInt64BE(start + batchField.baseTimestamp)),
    maxTimestamp: Number(bytes.readBigInt64BE(start + batchField.maxTimestamp)),
    producerId: Number(bytes.readBigInt64BE(start + batchField.producerId)),
    producerEpoch: bytes.readInt16BE(start + batchField.producerEpoch),
    baseSequence: bytes.readInt32BE(start + batchField.baseSequence),
    recordCount: bytes.readInt32BE(start + batchField.recordCount),
  };
  const sane =
    info.size >= batchField.records &&
    info.lastOffsetDelta >= 0 &&
    info.recordCount >= 0 &&
    info.baseOffset >= 0 &&
    Number.isSafeInteger(info.baseOffset + info.lastOffsetDelta) &&
    Number.isSafeInteger(info.baseTimestamp) &&
    Number.isSafeInteger(info.maxTimestamp) &&
    Number.isSafeInteger(info.producerId);
  return sane ? info : undefined;
}

export const lastOffsetOf = (info: BatchInfo): number => info.baseOffset + info.lastOffsetDelta;

export const isControlBatch = (info: BatchInfo): boolean => (info.attributes & batchAttribute.control) !== 0;

export const isTransactional = (info: BatchInfo): boolean => (info.attributes & batchAttribute.transactional) !== 0;

/** The last sequence of a batch; sequences go around at 2³¹. */
export const lastSequenceOf = (info: BatchInfo): number => (info.baseSequence + info.lastOffsetDelta) % 0x8000_0000;

export function hasValidChecksum(bytes: Buffer, start: number, size: number): boolean {
  return bytes.readUInt32BE(start + batchField.crc) === crc32c(bytes, start + batchField.attributes, start + size);
}

const newestCodec = 4;

/**
 * Checks what a client wants to append: exactly one intact batch. The records are not decoded.
 * @throws RequestError with the code that a client gets.
 */
export function validateProducedBatch(bytes: Buffer | null): BatchInfo {
  if (bytes === null || bytes.length === 0) throw invalid('there is no record batch');
  if (bytes.length > batchField.magic && bytes[batchField.magic]! < 2) {
    throw new RequestError(
      'UNSUPPORTED_FOR_MESSAGE_FORMAT',
      `message format ${bytes[batchField.magic]} is not accepted, only record batches (format 2)`,
    );
  }
  const info = readBatchInfo(bytes, 0, bytes.length);
  if (info === undefined || info.size > bytes.length)
    throw corrupt('the record batch is cut off or has a wrong header');
  if (info.size < bytes.length) throw invalid('there is more than one record batch for one partition');
  if (!hasValidChecksum(bytes, 0, info.size)) throw corrupt('the record batch does not have the checksum it states');
  if (info.baseOffset !== 0) throw invalid(`the base offset is ${info.baseOffset}, not 0`);
  if (info.recordCount === 0 || info.recordCount !== info.lastOffsetDelta + 1) {
    throw invalid(`${info.recordCount} records are stated, and a last offset delta of ${info.lastOffsetDelta}`);
  }
  if (isControlBatch(info)) throw invalid('clients may not write control records');
  if ((info.attributes & batchAttribute.compression) > newestCodec) {
    throw new RequestError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `${info.attributes & batchAttribute.compression} is not a compression codec`,
    );
  }
  if (info.producerId >= 0 && (info.producerEpoch < 0 || info.baseSequence < 0)) {
    throw invalid(`producer ${info.producerId} gave epoch ${info.producerEpoch} and sequence ${info.baseSequence}`);
  }
  if (info.producerId < 0 && isTransactional(info)) throw invalid('a transactional batch without a producer id');
  return info;
}

const invalid = (problem: string): RequestError => new RequestError('INVALID_RECORD', problem);
const corrupt = (problem: string): RequestError => new RequestError('CORRUPT_MESSAGE', problem);
