import { createReader, type ReaderOptions, type RecordReader } from '../../src/index.ts';

export const readerDefaults: ReaderOptions = {
  format: 'lines',
  maxBytes: 1000,
  longRecords: 'fail',
  invalidUtf8: 'replace',
  csv: { delimiter: ',', header: true },
};

/** All records of a text that comes in chunks of that many bytes, and where each ends. */
export function readAll(
  text: string | Uint8Array,
  options: Partial<ReaderOptions> = {},
  chunk = 7,
): { readonly values: readonly unknown[]; readonly positions: readonly number[] } {
  const reader = createReader({ ...readerDefaults, ...options });
  const bytes = Buffer.from(text as string);
  const values: unknown[] = [];
  const positions: number[] = [];
  for (let start = 0; start < bytes.length; start += chunk) {
    reader.push(bytes.subarray(start, start + chunk));
    take(reader, values, positions);
  }
  reader.end();
  take(reader, values, positions);
  return { values, positions };
}

/** What is wrong goes among the values as its message. */
function take(reader: RecordReader, values: unknown[], positions: number[]): void {
  for (;;) {
    try {
      if (!reader.next()) return;
      values.push(reader.value);
    } catch (error) {
      values.push((error as Error).message);
    }
    positions.push(reader.position);
  }
}
