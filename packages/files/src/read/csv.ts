import { compileStructMapper, DataError, MillraceError, Schema, type Struct } from '@millrace/api';
import type { ReadFormat } from './record-reader.ts';
import { splitCsv } from './split-csv.ts';

export interface CsvOptions {
  /** One character of ASCII. */
  readonly delimiter: string;
  /** Whether the first record holds the names of the columns. */
  readonly header: boolean;
  /** Names of the columns where there is no header; left out: `column1`, `column2`, … */
  readonly columns?: readonly string[] | undefined;
}

const quote = 0x22;
const lineFeed = 0x0a;

/**
 * Comma-separated values as RFC 4180 has them: quotes around a field may hold delimiters, line ends and doubled quotes.
 * Each row is a struct of optional texts, `null` for an empty field without quotes. Blank lines are left out.
 */
export class Csv implements ReadFormat {
  readonly #delimiter: string;
  readonly #delimiterByte: number;
  readonly #header: boolean;
  #columns: Columns | undefined;
  value: unknown = null;
  #insideQuotes = false;
  #atFieldStart = true;
  /** The first quote at or behind the place where the search stands; `undefined` when it must be looked for. */
  #nextQuote: number | undefined;

  constructor({ delimiter, header, columns }: CsvOptions) {
    this.#delimiter = delimiter;
    this.#delimiterByte = delimiter.charCodeAt(0);
    this.#header = header;
    if (!header && columns !== undefined) this.#columns = columnsOf(columns);
  }

  get schema(): Schema | null {
    return this.#columns?.schema ?? null;
  }

  moved(recordStarts: boolean): void {
    if (recordStarts) {
      this.#insideQuotes = false;
      this.#atFieldStart = true;
    } else {
      this.#nextQuote = undefined;
    }
  }

  needsStart(): boolean {
    return this.#columns === undefined;
  }

  findEnd(bytes: Buffer, from: number): number {
    if (this.#nextQuote === undefined || this.#nextQuote < from) {
      const found = bytes.indexOf(quote, from);
      this.#nextQuote = found < 0 ? bytes.length : found;
    }
    if (!this.#insideQuotes) {
      const end = bytes.indexOf(lineFeed, from);
      if (end >= 0 && end < this.#nextQuote) return end;
    }
    return this.#walk(bytes, from);
  }

  decode(text: string): boolean {
    if (text === '') return false;
    const row = splitCsv(text, this.#delimiter);
    if (this.#columns === undefined) {
      this.#columns = columnsOf(row.map((name, index) => (this.#header ? name : null) ?? `column${index + 1}`));
      if (this.#header) return false;
    }
    const { schema, toStruct } = this.#columns;
    if (row.length !== schema.fields.length) {
      throw new DataError(`The row has ${row.length} fields and the file ${schema.fields.length} columns.`);
    }
    this.value = toStruct(noInput, row);
    return true;
  }

  /** Byte by byte: only a quote at the start of a field opens one, and only there may line ends be part of the text. */
  #walk(bytes: Buffer, from: number): number {
    for (let position = from; position < bytes.length; position++) {
      const byte = bytes[position];
      if (byte === quote) {
        // A doubled quote closes and opens again, which comes to the same.
        if (this.#insideQuotes || this.#atFieldStart) this.#insideQuotes = !this.#insideQuotes;
        this.#atFieldStart = !this.#insideQuotes;
      } else if (!this.#insideQuotes) {
        if (byte === lineFeed) return position;
        this.#atFieldStart = byte === this.#delimiterByte || (this.#atFieldStart && isOfByteOrderMark(byte));
      }
    }
    return -1;
  }
}

function isOfByteOrderMark(byte: number | undefined): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}

type Row = readonly (string | null)[];

interface Columns {
  readonly schema: Schema;
  readonly toStruct: (input: Struct, row: Row) => Struct;
}

const noInput: Struct = {};

function columnsOf(names: readonly string[]): Columns {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new MillraceError(`Two columns of the CSV file have the name "${twice}"; give each its own.`);
  }
  const schema = Schema.struct(names.map((name) => [name, Schema.string.asOptional()] as const));
  const toStruct = compileStructMapper<Row>(
    schema,
    names.map((_, index) => ({ compute: (_input, row) => row[index] ?? null })),
  );
  return { schema, toStruct };
}
