import type { OffsetOf, SourceRecord } from '@millrace/api';
import type { fileSourceOffset, fileSourcePartition } from './file-source-config.ts';

export type FileSourcePartition = OffsetOf<typeof fileSourcePartition>;
export type FileSourceOffset = OffsetOf<typeof fileSourceOffset>;
export type FileSourceRecord = SourceRecord<FileSourcePartition, FileSourceOffset>;

/** So many bytes of files make a batch full, however few records they are. */
const mostBytes = 4 << 20;

/** What one poll gives. */
export class FileSourceBatch {
  readonly records: FileSourceRecord[] = [];
  readonly #mostRecords: number;
  #bytes = 0;

  constructor(mostRecords: number) {
    this.#mostRecords = mostRecords;
  }

  get isFull(): boolean {
    return this.records.length >= this.#mostRecords || this.#bytes >= mostBytes;
  }

  add(record: FileSourceRecord, bytes: number): void {
    this.records.push(record);
    this.#bytes += bytes;
  }
}
