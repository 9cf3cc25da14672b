import { DataError } from '@millrace/api';

/**
 * The fields of one row; `null` for one that is empty and not quoted.
 *
 * @throws DataError where quotes do not fit together.
 */
export function splitCsv(row: string, delimiter: string): (string | null)[] {
  if (!row.includes('"')) return row.split(delimiter).map(orNull);
  const fields: (string | null)[] = [];
  for (let position = 0; ; position++) {
    if (row[position] === '"') {
      const close = closingQuote(row, position + 1);
      fields.push(row.slice(position + 1, close).replaceAll('""', '"'));
      position = close + 1;
      if (position < row.length && row[position] !== delimiter) {
        throw new DataError(`There is text behind the closing quote of field ${fields.length}.`);
      }
    } else {
      const end = row.indexOf(delimiter, position);
      const stop = end < 0 ? row.length : end;
      fields.push(orNull(row.slice(position, stop)));
      position = stop;
    }
    if (position >= row.length) return fields;
  }
}

function closingQuote(row: string, from: number): number {
  for (let close = row.indexOf('"', from); close >= 0; close = row.indexOf('"', close + 2)) {
    if (row[close + 1] !== '"') return close;
  }
  throw new DataError('A quote is opened and never closed.');
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
