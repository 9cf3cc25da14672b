import { boolean, bytes, type ConfigOf, duration, int, list, oneOf, string } from '@millrace/api';

const delimiterDoc = 'The character between two fields of CSV; `\\t` or `tab` for a tab.';

export const fileSourceConfig = {
  files: list('files', {
    doc:
      'The files to read: paths and globs such as `/var/log/app/*.log` or `/data/**/*.csv.gz`. ' +
      'Files that are not there yet are waited for. Commas separate; there can be none within a glob.',
    nonEmpty: true,
    importance: 'high',
  }),
  exclude: list('files.exclude', { doc: 'Globs of paths that are left out.', default: [] }),
  topic: string('topic', { doc: 'Topic that receives the records.', importance: 'high', nonEmpty: true }),
  format: oneOf('format', ['lines', 'csv', 'jsonl'], {
    doc:
      'What a record is. `lines`: each line, as a text. `csv`: each row, as a struct of texts. `jsonl`: the JSON value of ' +
      'each line, without a schema. Names that end in `.gz` are decompressed.',
    default: 'lines',
    importance: 'high',
  }),
  csvDelimiter: string('csv.delimiter', { doc: delimiterDoc, default: ',' }),
  csvHeader: boolean('csv.header', {
    doc: 'Whether each CSV file begins with the names of its columns.',
    default: true,
  }),
  csvColumns: list('csv.columns', {
    doc: 'Names of the columns of CSV without a header. Left out: `column1`, `column2` and so on.',
    default: [],
    unique: true,
  }),
  maxLineBytes: bytes('max.line.bytes', {
    doc: 'Longest line or row. What is longer never is in memory as a whole, and counts as a bad record.',
    default: 1 << 20,
    min: 1,
    max: 1 << 28,
  }),
  truncateLongLines: boolean('truncate.long.lines', {
    doc: 'Takes the first `max.line.bytes` of a line that is longer as the record, instead of calling it bad.',
    default: false,
  }),
  invalidUtf8: oneOf('invalid.utf8', ['replace', 'fail'], {
    doc: 'What happens to bytes that are not UTF-8: U+FFFD stands for them, or the record is a bad one.',
    default: 'replace',
    importance: 'low',
  }),
  badRecords: oneOf('bad.records', ['fail', 'skip'], {
    doc: 'What happens where a line is no record: the task fails, or goes on behind it with a line in the log.',
    default: 'fail',
  }),
  scanInterval: duration('scan.interval.ms', {
    doc: 'How often to look for files that are new, have grown or were rotated.',
    default: 1000,
    min: 10,
  }),
  rotatedWait: duration('rotated.wait.ms', {
    doc:
      'How long a rotated file must not have grown before it counts as finished and the next file is read: its writer may ' +
      'not have noticed the rotation yet.',
    default: 5000,
    min: 0,
  }),
  completeAfter: duration('complete.after.ms', {
    doc:
      'How long a file must not have grown to be complete: then a last line without a line end is a record, and ' +
      '`cleanup.policy` applies. Left out: only rotated and compressed files are ever complete.',
    default: null,
    min: 0,
  }),
  cleanupPolicy: oneOf('cleanup.policy', ['keep', 'move', 'delete'], {
    doc: 'What happens to a complete file once the offsets of all its records are committed.',
    default: 'keep',
    dependents: ['cleanup.directory'],
  }),
  cleanupDirectory: string('cleanup.directory', {
    doc: 'Where `cleanup.policy=move` moves files to; in the same file system, and not among `files`.',
    default: null,
    recommender: { visible: (config) => config['cleanup.policy'] === 'move' },
  }),
  batchSize: int('batch.size', { doc: 'Most records in one poll.', default: 2000, min: 1, importance: 'low' }),
};

/** Which series a task reads: those whose hash falls on its index. Written by the connector. */
export const fileSourceTaskConfig = {
  ...fileSourceConfig,
  index: int('task.index', { doc: 'Number of the task, from 0.', default: 0, min: 0, internal: true }),
  count: int('task.count', { doc: 'How many tasks there are.', default: 1, min: 1, internal: true }),
  seed: int('task.seed', { doc: 'What makes the hash share the files out evenly.', default: 0, internal: true }),
};

export type FileSourceConfig = ConfigOf<typeof fileSourceConfig>;
export type FileSourceTaskConfig = ConfigOf<typeof fileSourceTaskConfig>;

/** A series of files: one that is written, and its rotated predecessors. */
export const fileSourcePartition = { series: 'string' } as const;

/** What of a series has been read: this far in one file, and what of others is known. */
export const fileSourceOffset = {
  file: 'string',
  inode: 'string',
  head: 'string',
  headBytes: 'safeInt',
  position: 'safeInt',
  known: 'string',
} as const;
