import { type ByteWriter, DataError, type Schema, type SinkRecord, type Struct, Values } from '@millrace/api';
import { jsonText } from './json-text.ts';
import { type WriteFormat, writeText } from './write-format.ts';

export interface CsvFormatOptions {
  /** One character. */
  readonly delimiter: string;
  /** Whether each file begins with the names of the columns. */
  readonly header: boolean;
}

/**
 * Comma-separated values as RFC 4180 has them, with line feeds. Values are structs, or objects without a schema; their
 * fields are the columns, so a file holds records of one schema, or of the same keys. An empty text is `""` and `null`
 * is nothing; structs, lists and maps within a column are JSON.
 */
export function csvFormat({ delimiter, header }: CsvFormatOptions): WriteFormat {
  const needsQuotes = new RegExp(`["\\r\\n${delimiter === '\t' ? '\\t' : `\\u${hex(delimiter)}`}]`);
  const quoted = (text: string): string =>
    text === '' || needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const cell = (schema: Schema | null, value: unknown): string => {
    const present = value ?? schema?.defaultValue ?? null;
    if (present === null) return '';
    if (typeof present === 'string') return quoted(present);
    const isNested = Array.isArray(present) || present instanceof Map || isStruct(schema, present);
    return quoted(isNested ? jsonText(schema, present) : (Values.convertToString(schema, present) ?? ''));
  };

  return {
    extension: '.csv',
    shapeOf({ value, valueSchema }) {
      return valueSchema ?? JSON.stringify(Object.keys(rowOf(value)));
    },
    writeHeader(writer, { value, valueSchema }) {
      if (!header) return;
      const names = valueSchema?.fields.map(({ name }) => name) ?? Object.keys(rowOf(value));
      writeText(writer, `${names.map(quoted).join(delimiter)}\n`);
    },
    write(writer: ByteWriter, { value, valueSchema }: SinkRecord): void {
      const row = rowOf(value);
      let text = '';
      if (valueSchema === null) {
        text = Object.values(row)
          .map((item) => cell(null, item))
          .join(delimiter);
      } else {
        if (valueSchema.type !== 'struct')
          throw new DataError(`A row of CSV is made of a struct, not of ${valueSchema}.`);
        for (const { name, index, schema } of valueSchema.fields) {
          text += (index === 0 ? '' : delimiter) + cell(schema, row[name]);
        }
      }
      writeText(writer, `${text}\n`);
    },
  };
}

function rowOf(value: unknown): Struct {
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return value as Struct;
  }
  throw new DataError('A row of CSV is made of a struct or an object; the value is neither.');
}

function isStruct(schema: Schema | null, value: unknown): boolean {
  if (schema !== null) return schema.type === 'struct';
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}
