import { Csv, type CsvOptions } from './csv.ts';
import { JsonLines } from './json-lines.ts';
import { Lines } from './lines.ts';
import { type ReadLimits, RecordReader } from './record-reader.ts';

/** How the records of a file are written. */
export type ReadFormatName = 'lines' | 'csv' | 'jsonl';

export interface ReaderOptions extends ReadLimits {
  readonly format: ReadFormatName;
  /** Looked at with `csv` only. */
  readonly csv: CsvOptions;
}

/** A reader for one file. */
export function createReader(options: ReaderOptions): RecordReader {
  return new RecordReader(formatOf(options), options);
}

function formatOf({ format, csv }: ReaderOptions): Lines | Csv | JsonLines {
  switch (format) {
    case 'lines':
      return new Lines();
    case 'csv':
      return new Csv(csv);
    case 'jsonl':
      return new JsonLines();
  }
}
