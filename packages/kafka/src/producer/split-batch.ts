import { RecordBatchReader, RecordBatchWriter, type RecordHeader } from '@millrace/protocol';
import { Batch } from './batch.ts';

/** Two halves of a batch that a broker found too large, uncompressed until they are stamped. */
export function splitBatch(batch: Batch): Batch[] {
  const half = Math.ceil(batch.count / 2);
  const parts = [copyRange(batch, 0, half), copyRange(batch, half, batch.count - half)];
  return parts;
}

function copyRange(batch: Batch, first: number, count: number): Batch {
  const writer = new RecordBatchWriter();
  writer.begin();
  const reader = new RecordBatchReader({ checksums: false });
  reader.reset(batch.bytes!);
  reader.nextBatch();
  for (let index = 0; reader.next(); index++) {
    if (index < first || index >= first + count) continue;
    const { buffer } = reader;
    const headers: RecordHeader[] = [];
    while (reader.nextHeader()) {
      headers.push({
        name: buffer.toString('utf8', reader.headerNameStart, reader.headerNameEnd),
        value: slice(buffer, reader.headerValueStart, reader.headerValueEnd),
      });
    }
    writer.append(
      reader.timestamp,
      slice(buffer, reader.keyStart, reader.keyEnd),
      slice(buffer, reader.valueStart, reader.valueEnd),
      headers,
    );
  }
  const part = new Batch(writer, batch.createdAt);
  batch.copyTo(part, first, count);
  return part;
}

function slice(buffer: Buffer, start: number, end: number): Buffer | null {
  return start < 0 ? null : buffer.subarray(start, end);
}
