import { type ByteWriter, type SinkRecord, Values } from '@millrace/api';
import { type WriteFormat, writeText } from './write-format.ts';

/** The text of each value on a line of its own. Line feeds within the text are written as they are. */
export const lineFormat: WriteFormat = {
  extension: '.txt',
  shapeOf: () => undefined,
  writeHeader: () => {},
  write(writer: ByteWriter, { value, valueSchema }: SinkRecord): void {
    const text = typeof value === 'string' ? value : Values.convertToString(valueSchema, value);
    writeText(writer, `${text ?? ''}\n`);
  },
};
