import { boolean, bytes, type ConfigOf, duration, int, list, oneOf, string } from '@millrace/api';

export const fileSinkConfig = {
  directory: string('directory', {
    doc: 'Where the files go, in a directory for each topic. Whoever runs a task must see the same directory.',
    importance: 'high',
    nonEmpty: true,
  }),
  format: oneOf('format', ['lines', 'csv', 'jsonl'], {
    doc:
      'How values are written. `lines`: the text of each on a line. `csv`: structs as rows below the names of their fields. ' +
      '`jsonl`: JSON, one value on each line.',
    default: 'lines',
    importance: 'high',
  }),
  compression: oneOf('compression', ['none', 'gzip'], { doc: 'How files are compressed.', default: 'none' }),
  csvDelimiter: string('csv.delimiter', {
    doc: 'The character between two fields of CSV; `\\t` or `tab` for a tab.',
    default: ',',
  }),
  csvHeader: boolean('csv.header', { doc: 'Whether a CSV file begins with the names of its columns.', default: true }),
  fileName: string('file.name', {
    doc:
      'The names of files, without the ending. `{topic}`, `{partition}`, `{first}` and `{last}`, the offsets of the first and ' +
      'the last record, must be in it; `{first:10}` pads with zeros, `{timestamp:yyyy-MM-dd}` is that of the first record.',
    default: '{topic}+{partition}+{first:10}+{last:10}',
  }),
  partitioner: oneOf('partitioner', ['default', 'field', 'time'], {
    doc:
      'Directories below that of the topic. `default`: `partition=7`. `field`: by fields of the value, `country=de`. `time`: by ' +
      'the timestamp of the record, never by the clock.',
    default: 'default',
    dependents: ['partition.fields', 'path.format', 'timestamp.field'],
  }),
  partitionFields: list('partition.fields', {
    doc: 'The fields of `partitioner=field`, with dots in front of nested ones.',
    default: [],
    unique: true,
  }),
  pathFormat: string('path.format', {
    doc: 'The directories of `partitioner=time`, as SimpleDateFormat has them.',
    default: "'year'=yyyy/'month'=MM/'day'=dd/'hour'=HH",
  }),
  pathDuration: duration('partition.duration.ms', {
    doc: 'Timestamps are rounded down to a multiple of this, for `partitioner=time`.',
    default: 3_600_000,
    min: 1,
  }),
  timestampField: string('timestamp.field', {
    doc: 'The field that holds the time for `partitioner=time`. Left out: the timestamp of the record.',
    default: null,
  }),
  timezone: string('timezone', { doc: 'Time zone of paths and file names.', default: 'UTC' }),
  rotateRecords: int('rotate.records', { doc: 'Most records in a file. Left out: any number.', default: null, min: 1 }),
  rotateBytes: bytes('rotate.bytes', {
    doc: 'A file that has reached this size, before compression, is finished.',
    default: 128 << 20,
    min: 1,
  }),
  rotateInterval: duration('rotate.interval.ms', {
    doc: 'How long a file is written at most. Its records are committed only after that, so each restart repeats their work.',
    default: 60_000,
    min: 1,
  }),
  nullValues: oneOf('null.values', ['fail', 'skip'], {
    doc: 'What happens to records without a value: they are an error, or are left out.',
    default: 'fail',
  }),
  maxOpenFiles: int('max.open.files', {
    doc: 'Most files that a task writes at a time; with one more, the oldest is finished.',
    default: 100,
    min: 1,
    importance: 'low',
  }),
};

export type FileSinkConfig = ConfigOf<typeof fileSinkConfig>;
