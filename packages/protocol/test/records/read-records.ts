import type { RecordBatchReader } from '../../src/index.ts';

/** A record as the vectors have it, with bytes in base64. */
export type PlainRecord = [
  offset: number,
  timestamp: number,
  key: string | null,
  value: string | null,
  headers: [name: string, value: string | null][],
];

/** The records of the current batch. */
export function readRecords(reader: RecordBatchReader): PlainRecord[] {
  const records: PlainRecord[] = [];
  const range = (start: number, end: number) => (start < 0 ? null : reader.buffer.toString('base64', start, end));
  while (reader.next()) {
    const record: PlainRecord = [
      reader.offset,
      reader.timestamp,
      range(reader.keyStart, reader.keyEnd),
      range(reader.valueStart, reader.valueEnd),
      [],
    ];
    while (reader.nextHeader()) {
      record[4].push([
        reader.buffer.toString('utf8', reader.headerNameStart, reader.headerNameEnd),
        range(reader.headerValueStart, reader.headerValueEnd),
      ]);
    }
    records.push(record);
  }
  return records;
}
