import type { ByteWriter, SinkRecord } from '@millrace/api';

/** Writes records as one format. It has no state: one serves any number of files. */
export interface WriteFormat {
  /** What names of its files end in: `.csv`. */
  readonly extension: string;
  /** Records of different shapes cannot be in one file; shapes are compared with `===`. */
  shapeOf(record: SinkRecord): unknown;
  /** What a file begins with, given its first record. */
  writeHeader(writer: ByteWriter, record: SinkRecord): void;
  /**
   * Appends one record with its line end.
   *
   * @throws DataError when the format cannot hold the value; what has been written of it until then must be taken back
   *   by setting the writer's position.
   */
  write(writer: ByteWriter, record: SinkRecord): void;
}

/** Appends a text in UTF-8. */
export function writeText(writer: ByteWriter, text: string): void {
  writer.reserve(text.length * 3);
  writer.position += writer.buffer.write(text, writer.position, 'utf8');
}
