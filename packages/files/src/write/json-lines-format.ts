import type { ByteWriter, SinkRecord } from '@millrace/api';
import { jsonText } from './json-text.ts';
import { type WriteFormat, writeText } from './write-format.ts';

/** Each value as JSON on a line of its own; see {@link jsonText}. */
export const jsonLinesFormat: WriteFormat = {
  extension: '.jsonl',
  shapeOf: () => undefined,
  writeHeader: () => {},
  write(writer: ByteWriter, { value, valueSchema }: SinkRecord): void {
    writeText(writer, `${jsonText(valueSchema, value)}\n`);
  },
};
