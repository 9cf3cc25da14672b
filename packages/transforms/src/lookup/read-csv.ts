import { DataError } from '@millrace/api';

const quote = 0x22;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** The fields of one line; `null` for one that is empty and not quoted. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly (string | null)[];
}

/**
 * Reads comma-separated values as RFC 4180 has them, in UTF-8, with any one byte as the delimiter. Empty lines are left
 * out. Each text is made from its own bytes, so that no row keeps the whole file in memory.
 *
 * @throws DataError with the line where quotes do not fit together.
 */
export function* readCsv(bytes: Buffer, delimiter: string): Generator<CsvRow> {
  const separator = delimiter.charCodeAt(0);
  const end = bytes.length;
  let position = startsWithByteOrderMark(bytes) ? 3 : 0;
  let line = 1;
  while (position < end) {
    const firstLine = line;
    const fields: (string | null)[] = [];
    for (let more = true; more; ) {
      if (bytes[position] === quote) {
        const field = quotedField(bytes, position, line);
        fields.push(field.text);
        line += field.lineFeeds;
        position = field.end;
        const next = bytes[position];
        const isBeforeLineEnd = next === carriageReturn && (position + 1 === end || bytes[position + 1] === lineFeed);
        if (position < end && next !== separator && next !== lineFeed && !isBeforeLineEnd) {
          throw new DataError(`Line ${line}: there is text behind a closing quote.`);
        }
      } else {
        const start = position;
        while (position < end && bytes[position] !== separator && bytes[position] !== lineFeed) position++;
        const isBeforeReturn =
          bytes[position - 1] === carriageReturn && (position === end || bytes[position] === lineFeed);
        const stop = isBeforeReturn && position > start ? position - 1 : position;
        fields.push(stop === start ? null : bytes.toString('utf8', start, stop));
      }
      if (bytes[position] === carriageReturn) position++;
      more = position < end && bytes[position] === separator;
      position++;
      if (more && position === end) {
        fields.push(null);
        more = false;
      }
    }
    line++;
    if (fields.length > 1 || fields[0] !== null) yield { line: firstLine, fields };
  }
}

function quotedField(bytes: Buffer, open: number, line: number) {
  let start = open + 1;
  let text = '';
  let lineFeeds = 0;
  for (let position = start; position < bytes.length; position++) {
    if (bytes[position] === lineFeed) lineFeeds++;
    if (bytes[position] !== quote) continue;
    text += bytes.toString('utf8', start, position);
    if (bytes[position + 1] !== quote) return { text, lineFeeds, end: position + 1 };
    text += '"';
    position++;
    start = position + 1;
  }
  throw new DataError(`Line ${line}: a quote is opened and never closed.`);
}

function startsWithByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
