import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { batchField } from '@millrace/protocol';
import { replaceFile } from '../files.ts';
import { type BatchInfo, hasValidChecksum, isControlBatch, lastOffsetOf, readBatchInfo } from './batch-info.ts';
import type { OpenFiles } from './open-files.ts';
import { type IndexEntry, SparseIndex } from './sparse-index.ts';

const readChunk = 1024 * 1024;

/** What is kept beside a segment that is complete, so that it need not be read at the next start. */
interface SegmentSummary {
  readonly size: number;
  readonly nextOffset: number;
  readonly maxTimestamp: number;
  readonly offsetOfMaxTimestamp: number;
  readonly createdAt: number;
  readonly index: readonly IndexEntry[];
}

/** A batch in memory: `bytes[start, start + info.size)`. */
export type BatchVisitor = (info: BatchInfo, bytes: Buffer, start: number, position: number) => boolean | undefined;

export const segmentName = (baseOffset: number): string => String(baseOffset).padStart(20, '0');

/** One file of a partition's log: record batches as they came, one behind the other. */
export class Segment {
  readonly baseOffset: number;
  readonly path: string;
  size = 0;
  nextOffset: number;
  maxTimestamp = -1;
  offsetOfMaxTimestamp = -1;
  createdAt: number;
  #index = new SparseIndex();
  readonly #files: OpenFiles;

  constructor(directory: string, baseOffset: number, createdAt: number, files: OpenFiles) {
    this.baseOffset = baseOffset;
    this.nextOffset = baseOffset;
    this.path = join(directory, `${segmentName(baseOffset)}.log`);
    this.createdAt = createdAt;
    this.#files = files;
  }

  /** When its newest record was made; without a timestamp, when the segment was begun. */
  get newestTime(): number {
    return this.maxTimestamp < 0 ? this.createdAt : this.maxTimestamp;
  }

  get summaryPath(): string {
    return `${this.path.slice(0, -'.log'.length)}.summary.json`;
  }

  /** Writes a batch behind the last one. When the disk refuses it, the file ends where it ended before. */
  append(bytes: Uint8Array, info: BatchInfo): void {
    const file = this.#files.get(this.path);
    const { storage } = this.#files;
    let written = 0;
    try {
      while (written < bytes.length) {
        written += storage.write(file, bytes, written, bytes.length - written, this.size + written);
      }
    } catch (error) {
      this.#cutOff(file);
      throw error;
    }
    this.#note(info, this.size);
  }

  sync(): void {
    this.#files.storage.sync(this.#files.get(this.path));
  }

  /** Whether the summary of an earlier run could be used. */
  restoreSummary(): boolean {
    let summary: SegmentSummary;
    try {
      summary = JSON.parse(readFileSync(this.summaryPath, 'utf8')) as SegmentSummary;
    } catch {
      return false;
    }
    if (summary.size !== this.#files.storage.size(this.#files.get(this.path))) return false;
    this.size = summary.size;
    this.nextOffset = summary.nextOffset;
    this.maxTimestamp = summary.maxTimestamp;
    this.offsetOfMaxTimestamp = summary.offsetOfMaxTimestamp;
    this.createdAt = summary.createdAt;
    this.#index = new SparseIndex(summary.index);
    return true;
  }

  writeSummary(): void {
    const { size, nextOffset, maxTimestamp, offsetOfMaxTimestamp, createdAt } = this;
    const index = this.#index.entries;
    const summary: SegmentSummary = { size, nextOffset, maxTimestamp, offsetOfMaxTimestamp, createdAt, index };
    replaceFile(this.summaryPath, JSON.stringify(summary));
  }

  /**
   * Reads the whole file, checks every batch and cuts off what is behind the last good one.
   * @returns how many bytes were cut off.
   */
  recover(visit: BatchVisitor): number {
    this.size = 0;
    this.nextOffset = this.baseOffset;
    const file = this.#files.get(this.path);
    const end = this.#files.storage.size(file);
    this.#scan(0, end, (info, bytes, start, position) => {
      if (info.baseOffset < this.nextOffset || !hasValidChecksum(bytes, start, info.size)) return false;
      visit(info, bytes, start, position);
      this.#note(info, position);
      return true;
    });
    if (this.size < end) this.#files.storage.truncate(file, this.size);
    return end - this.size;
  }

  /** Shows whole batches from that position on, until the visitor answers `false`. */
  scan(position: number, visit: BatchVisitor): void {
    this.#scan(position, this.size, visit);
  }

  /**
   * Whole batches from the one with `offset` on, at most `maxBytes` of them, all in front of `before`. When not even the
   * first one fits, it is read alone if `atLeastOne`. Empty when there is none.
   */
  read(offset: number, before: number, maxBytes: number, atLeastOne: boolean): Buffer {
    const from = this.#index.positionOf(offset);
    let bytes = this.#readAt(from, Math.min(this.size - from, maxBytes + 2 * 32_768));
    let start = 0;
    let info = readBatchInfo(bytes, start, bytes.length);
    while (info !== undefined && lastOffsetOf(info) < offset) {
      start += info.size;
      if (start + batchField.records > bytes.length) {
        const position = from + start;
        if (this.size - position < batchField.records) return emptyBuffer;
        return this.#readFrom(position, offset, before, maxBytes, atLeastOne);
      }
      info = readBatchInfo(bytes, start, bytes.length);
    }
    if (info === undefined || lastOffsetOf(info) >= before) return emptyBuffer;
    if (info.size > maxBytes) return atLeastOne ? this.#readAt(from + start, info.size) : emptyBuffer;
    if (start + info.size > bytes.length) {
      bytes = this.#readAt(from + start, Math.min(this.size - from - start, maxBytes));
      start = 0;
    }
    return wholeBatches(bytes, start, before, maxBytes);
  }

  /** The same from a known batch on, in front of the one that is wanted. */
  #readFrom(position: number, offset: number, before: number, maxBytes: number, atLeastOne: boolean): Buffer {
    let found = emptyBuffer;
    this.#scan(position, this.size, (info, _bytes, _start, at) => {
      if (lastOffsetOf(info) < offset) return true;
      if (lastOffsetOf(info) >= before || (info.size > maxBytes && !atLeastOne)) return false;
      const length = Math.max(info.size, Math.min(maxBytes, this.size - at));
      found = wholeBatches(this.#readAt(at, length), 0, before, length);
      return false;
    });
    return found;
  }

  /** Position at or in front of the first batch whose largest timestamp is at least that. */
  positionOfTime(timestamp: number): number {
    return this.#index.positionOfTime(timestamp);
  }

  /** Removes what a failed write left. Where even that fails it does no harm: the next write goes over it. */
  #cutOff(file: number): void {
    try {
      this.#files.storage.truncate(file, this.size);
    } catch {
      return;
    }
  }

  #note(info: BatchInfo, position: number): void {
    this.#index.add({ offset: info.baseOffset, position, maxTimestamp: this.maxTimestamp });
    this.size = position + info.size;
    this.nextOffset = lastOffsetOf(info) + 1;
    if (!isControlBatch(info) && info.maxTimestamp > this.maxTimestamp) {
      this.maxTimestamp = info.maxTimestamp;
      this.offsetOfMaxTimestamp = lastOffsetOf(info);
    }
  }

  #scan(from: number, end: number, visit: BatchVisitor): void {
    let position = from;
    while (end - position >= batchField.records) {
      let bytes = this.#readAt(position, Math.min(readChunk, end - position));
      let start = 0;
      for (;;) {
        const info = readBatchInfo(bytes, start, bytes.length);
        if (info === undefined) {
          if (bytes.length - start < batchField.records) break;
          return;
        }
        if (info.size > end - position) return;
        if (start + info.size > bytes.length) {
          if (start > 0) break;
          bytes = this.#readAt(position, info.size);
        }
        if (visit(info, bytes, start, position) === false) return;
        start += info.size;
        position += info.size;
      }
    }
  }

  #readAt(position: number, length: number): Buffer {
    if (length <= 0) return emptyBuffer;
    const bytes = Buffer.allocUnsafeSlow(length);
    const file = this.#files.get(this.path);
    let filled = 0;
    while (filled < length) {
      const read = this.#files.storage.read(file, bytes.subarray(filled), length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return filled === length ? bytes : bytes.subarray(0, filled);
  }
}

function wholeBatches(bytes: Buffer, from: number, before: number, maxBytes: number): Buffer {
  let end = from;
  for (;;) {
    const info = readBatchInfo(bytes, end, bytes.length);
    if (info === undefined || lastOffsetOf(info) >= before) break;
    if (end + info.size > bytes.length || end + info.size - from > maxBytes) break;
    end += info.size;
  }
  return bytes.subarray(from, end);
}

const emptyBuffer: Buffer = Buffer.alloc(0);
