import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import { compileStructMapper, DataError, parseJson, Schema, type Struct, type TableKeyPart } from '@millrace/api';
import { inferSchema } from '../core/infer-schema.ts';
import { isPlainObject, kindOf, type PlainValue } from '../core/require.ts';
import { valueOfText } from '../core/value-of-text.ts';
import { columnType, type FileFormat, type FileTableConfig } from './file-table-config.ts';
import { readCsv } from './read-csv.ts';
import { tableKeyPart } from './table-key.ts';

/** The rows of a file, all of one schema. */
export interface FileRows {
  readonly schema: Schema;
  /** One after the other, so that whoever takes them can pause. `null` in the place of a key that is unset. */
  readonly rows: Iterable<{ readonly key: readonly (TableKeyPart | null)[]; readonly row: Struct }>;
}

/** @throws DataError, at once or with the row, when the file cannot be understood. */
export function readRows(bytes: Buffer, config: FileTableConfig): FileRows {
  if (!isUtf8(bytes)) throw new DataError('The file is not valid UTF-8; write it again in that encoding.');
  const format = config.format === 'auto' ? formatOf(config.path) : config.format;
  switch (format) {
    case 'csv':
      return readTable(bytes, config.delimiter, config);
    case 'tsv':
      return readTable(bytes, '\t', config);
    case 'json':
      return readObjects(wholeJson(bytes), config.key);
    case 'jsonl':
      return readObjects([...jsonLines(bytes)], config.key);
  }
}

/** The format that the ending of a path says, `undefined` when it says none. */
export function formatOfPath(path: string): Exclude<FileFormat, 'auto'> | undefined {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return 'csv';
    case '.tsv':
    case '.tab':
      return 'tsv';
    case '.json':
      return 'json';
    case '.jsonl':
    case '.ndjson':
      return 'jsonl';
    default:
      return undefined;
  }
}

function formatOf(path: string): Exclude<FileFormat, 'auto'> {
  const format = formatOfPath(path);
  if (format === undefined) throw new DataError(`The ending of ${path} says no format; set format.`);
  return format;
}

function readTable(bytes: Buffer, delimiter: string, config: FileTableConfig): FileRows {
  const lines = readCsv(bytes, delimiter);
  const header = lines.next();
  if (header.done === true) throw new DataError('There is no line with the names of the columns.');
  const columns = header.value.fields.map((name, index) => name ?? `column${index + 1}`);
  const types = new Map(config.types.map((item) => [columnType(item).column, columnType(item).schema as Schema]));
  for (const name of [...config.key, ...types.keys()]) requireColumn(columns, name);
  const schema = Schema.struct(columns.map((name) => [name, (types.get(name) ?? Schema.string).asOptional()] as const));
  let fields: readonly (string | null)[] = [];
  const toRow = compileStructMapper<void>(
    schema,
    schema.fields.map((field, index) => ({
      compute: () => {
        const text = fields[index];
        return text === null || text === undefined ? null : valueOfText(text, field.schema);
      },
    })),
  );

  function* rows(): FileRows['rows'] & Generator {
    for (const { line, fields: found } of lines) {
      if (found.length !== columns.length) {
        throw new DataError(`Line ${line} has ${found.length} columns and the first line ${columns.length}.`);
      }
      fields = found;
      const row = located(`Line ${line}`, () => toRow({}));
      yield { key: located(`Line ${line}`, () => keyOf(row, config.key)), row };
    }
  }
  return { schema, rows: rows() };
}

function readObjects(objects: readonly PlainValue[], key: readonly string[]): FileRows {
  const { schema, convert } = inferSchema(objects);
  const columns = schema.fields.map(({ name }) => name);
  if (objects.length > 0) for (const name of key) requireColumn(columns, name);
  function* rows(): FileRows['rows'] & Generator {
    for (const [index, object] of objects.entries()) {
      const row = convert(object);
      yield { key: located(`Object ${index + 1}`, () => keyOf(row, key)), row };
    }
  }
  return { schema, rows: rows() };
}

function wholeJson(bytes: Buffer): readonly PlainValue[] {
  const value = located('The file', () => parseJson(withoutByteOrderMark(bytes.toString())));
  if (!Array.isArray(value)) throw new DataError(`The file must hold an array of objects; it holds ${kindOf(value)}.`);
  return value.map((item, index) => requirePlain(item, `Object ${index + 1}`));
}

function* jsonLines(bytes: Buffer): Generator<PlainValue> {
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const text = withoutByteOrderMark(bytes.toString('utf8', start, end < 0 ? bytes.length : end)).trim();
    const where = `Line ${++line}`;
    if (text !== '')
      yield requirePlain(
        located(where, () => parseJson(text)),
        where,
      );
    start = end < 0 ? bytes.length : end + 1;
  }
}

function keyOf(row: Struct, columns: readonly string[]): readonly (TableKeyPart | null)[] {
  return columns.map((column) => tableKeyPart(row[column], column));
}

function requireColumn(columns: readonly string[], name: string): void {
  if (!columns.includes(name)) throw new DataError(`There is no column "${name}"; there are: ${columns.join(', ')}.`);
}

function requirePlain(value: unknown, where: string): PlainValue {
  if (isPlainObject(value)) return value;
  throw new DataError(`${where} must be an object; it is ${kindOf(value)}.`);
}

function located<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DataError(`${where}: ${(cause as Error).message}`, { cause });
  }
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
