import { type CsvFormatOptions, csvFormat } from './csv-format.ts';
import { jsonLinesFormat } from './json-lines-format.ts';
import { lineFormat } from './line-format.ts';
import type { WriteFormat } from './write-format.ts';

/** How records become a file. */
export type WriteFormatName = 'lines' | 'csv' | 'jsonl';

/** The format of that name; `csv` is looked at with `csv` only. */
export function createFormat(name: WriteFormatName, csv: CsvFormatOptions): WriteFormat {
  switch (name) {
    case 'lines':
      return lineFormat;
    case 'csv':
      return csvFormat(csv);
    case 'jsonl':
      return jsonLinesFormat;
  }
}
