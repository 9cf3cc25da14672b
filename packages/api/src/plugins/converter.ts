import type { ByteWriter } from '../data/byte-writer.ts';
import type { ConnectRecord } from '../records/connect-record.ts';
import type { Schema } from '../schema/schema.ts';

/** A value and its schema (`null`: none). */
export interface SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: unknown;
}

/** The keys or the values of a fetched batch, before they are decoded. */
export interface EncodedBatch {
  readonly topic: string;
  readonly length: number;
  /** `null` for a record without this part. Valid while the batch is. */
  bytesAt(index: number): Uint8Array | null;
}

/**
 * Turns values into the bytes of a record's key or value, and back. It runs for every record, so it reads and writes
 * in place: no promise, no copy, no closure.
 *
 * `C` is what `prepareEncode` and `prepareDecode` make; most converters never wait and have neither.
 */
export interface Converter<C = unknown> {
  /**
   * Writes the bytes of `value` at the end of `writer`.
   *
   * @returns `false` when the record's part is null, and then nothing was written.
   * @throws DataError when the value cannot be written; the caller rolls the writer back.
   */
  encode(topic: string, schema: Schema | null, value: unknown, writer: ByteWriter, context: C | undefined): boolean;

  /**
   * Reads `bytes` from `start` up to `end`; `bytes` is `null` for a record without this part. What is returned belongs
   * to the converter and may be filled anew by its next call: take both parts out at once. The value may be a view into
   * `bytes`.
   *
   * @throws DataError when the bytes cannot be read.
   */
  decode(topic: string, bytes: Uint8Array | null, start: number, end: number, context: C | undefined): SchemaAndValue;

  /**
   * Does the waiting for a whole batch before its records are encoded. Returns nothing when there is nothing to wait
   * for. Never rejects because of one record: that record's `encode` throws then. Rejects when what it asks cannot be
   * reached, and is called again.
   */
  prepareEncode?(records: readonly ConnectRecord[]): Promise<C> | undefined;

  /** As `prepareEncode`, before a fetched batch is decoded. */
  prepareDecode?(batch: EncodedBatch): Promise<C> | undefined;

  /** May be called more than once. */
  close?(): Promise<void> | void;
}

/** Turns the values of headers into bytes and back. */
export interface HeaderConverter {
  /** @returns `false` when the header has no value, and then nothing was written. */
  encode(topic: string, key: string, schema: Schema | null, value: unknown, writer: ByteWriter): boolean;
  decode(topic: string, key: string, bytes: Uint8Array | null, start: number, end: number): SchemaAndValue;
  close?(): Promise<void> | void;
}
