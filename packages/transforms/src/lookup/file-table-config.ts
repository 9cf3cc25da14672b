import { type ConfigKey, type ConfigOf, duration, list, oneOf, Schema, string } from '@millrace/api';

export type FileFormat = 'auto' | 'csv' | 'tsv' | 'json' | 'jsonl';

const columnTypes: Readonly<Record<string, Schema>> = {
  string: Schema.string,
  int8: Schema.int8,
  int16: Schema.int16,
  int32: Schema.int32,
  int64: Schema.int64,
  float32: Schema.float32,
  float64: Schema.float64,
  boolean: Schema.boolean,
  date: Schema.date,
  timestamp: Schema.timestamp,
};

/** Stand behind `table.` in the configuration of a lookup. */
export const fileTableConfig: {
  readonly path: ConfigKey<string>;
  readonly format: ConfigKey<FileFormat>;
  readonly key: ConfigKey<readonly string[]>;
  readonly types: ConfigKey<readonly string[]>;
  readonly delimiter: ConfigKey<string>;
  readonly reload: ConfigKey<number>;
} = {
  path: string('path', { doc: 'The file with the rows, in UTF-8.', nonEmpty: true, importance: 'high' }),
  format: oneOf('format', ['auto', 'csv', 'tsv', 'json', 'jsonl'], {
    doc:
      'How the file is written: `csv` and `tsv` have the names of the columns in their first line, `json` is one array ' +
      'of objects, `jsonl` one object per line. `auto`: as the ending of the path says.',
    default: 'auto',
  }),
  key: list('key', {
    doc: 'The columns that make the key, as many as `key.fields` has. Keys are compared as texts.',
    nonEmpty: true,
    unique: true,
    importance: 'high',
  }),
  types: list('types', {
    doc:
      `Types of columns in \`csv\` and \`tsv\`, as \`column:type\`; a column that is not named is a string. Types: ` +
      `${Object.keys(columnTypes).join(', ')}.`,
    default: [],
    validate: (items) => items.map(typeProblem).find((problem) => problem !== undefined),
  }),
  delimiter: string('delimiter', {
    doc: 'What stands between the columns in `csv`: one character of ASCII.',
    default: ',',
    importance: 'low',
    validate: (text) => (/^[!#-~\t]$/.test(text) ? undefined : 'It must be one ASCII character and no double quote.'),
  }),
  reload: duration('reload.ms', {
    doc:
      'How often to look whether the file has changed. A new file takes the place of the old rows as a whole; one that ' +
      'cannot be read changes nothing and is logged. `0`: never look.',
    default: 10_000,
    min: 0,
    importance: 'low',
  }),
};

export type FileTableConfig = ConfigOf<typeof fileTableConfig>;

/** `column:type`, split at the last colon. */
export function columnType(item: string): { readonly column: string; readonly schema: Schema | undefined } {
  const colon = item.lastIndexOf(':');
  const type = item.slice(colon + 1);
  return {
    column: item.slice(0, Math.max(colon, 0)),
    schema: Object.hasOwn(columnTypes, type) ? columnTypes[type] : undefined,
  };
}

function typeProblem(item: string): string | undefined {
  const { column, schema } = columnType(item);
  if (column !== '' && schema !== undefined) return undefined;
  return `"${item}" is not column:type with one of the types ${Object.keys(columnTypes).join(', ')}.`;
}
