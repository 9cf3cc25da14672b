import { type RecordBatchOptions, RecordBatchReader, RecordBatchWriter } from '@millrace/protocol';

export interface TestRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestamp?: number;
}

export function batchOf(records: readonly (TestRecord | string)[], options: RecordBatchOptions = {}): Buffer {
  const writer = new RecordBatchWriter();
  writer.begin();
  for (const record of records) {
    const {
      key = null,
      value,
      timestamp = 1_700_000_000_000,
    } = typeof record === 'string' ? { value: record } : record;
    writer.append(timestamp, key === null ? null : Buffer.from(key), value === null ? null : Buffer.from(value));
  }
  return writer.finish(options);
}

export interface ReadRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** All records of fetched batches, without control records. */
export function recordsIn(bytes: Buffer | null): ReadRecord[] {
  const records: ReadRecord[] = [];
  const reader = new RecordBatchReader();
  reader.reset(bytes ?? Buffer.alloc(0));
  while (reader.nextBatch()) {
    if (reader.isControl) continue;
    while (reader.next()) {
      const text = (start: number, end: number): string | null =>
        start < 0 ? null : reader.buffer.toString('utf8', start, end);
      records.push({
        offset: reader.offset,
        key: text(reader.keyStart, reader.keyEnd),
        value: text(reader.valueStart, reader.valueEnd),
      });
    }
  }
  return records;
}

export const valuesIn = (bytes: Buffer | null): (string | null)[] => recordsIn(bytes).map(({ value }) => value);
