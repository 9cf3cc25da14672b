import { bytes, type ConfigKey, type ConfigOf, duration, int, long, type OffsetOf, oneOf, string } from '@millrace/api';

export const verifiableSourceConfig: {
  readonly topic: ConfigKey<string>;
  readonly throughput: ConfigKey<number>;
  readonly count: ConfigKey<number | null>;
  readonly batchSize: ConfigKey<number>;
  readonly valueBytes: ConfigKey<number | null>;
  readonly exactlyOnce: ConfigKey<'supported' | 'unsupported'>;
  readonly transactionRecords: ConfigKey<number | null>;
  readonly abortEvery: ConfigKey<number | null>;
} = {
  topic: string('topic', { doc: 'Topic that receives the numbers.', importance: 'high', nonEmpty: true }),
  throughput: long('throughput', {
    doc: 'Most records in a second, of each task; -1: as many as possible.',
    default: -1,
  }),
  count: long('count', { doc: 'How many numbers a task gives. Left out: it never ends.', default: null, min: 0 }),
  batchSize: int('batch.size', { doc: 'Most records in one poll.', default: 1000, min: 1 }),
  valueBytes: bytes('value.bytes', {
    doc: 'Values are texts of this length that end with the number. Left out: values are the number, as an INT64.',
    default: null,
    min: 16,
    max: 1 << 20,
  }),
  exactlyOnce: oneOf('exactly.once', ['supported', 'unsupported'], {
    doc: 'What the connector says of exactly-once.',
    default: 'supported',
  }),
  transactionRecords: int('transaction.records', {
    doc: 'Commits after this many records, with `transaction.boundary=connector`. Left out: it defines no boundaries.',
    default: null,
    min: 1,
  }),
  abortEvery: int('transaction.abort.every', {
    doc: 'Aborts one of this many transactions, and gives its numbers again. Left out: none.',
    default: null,
    min: 2,
  }),
};

/** What a task is told besides: which source of numbers it is. */
export const verifiableSourceTaskConfig: typeof verifiableSourceConfig & { readonly id: ConfigKey<number> } = {
  ...verifiableSourceConfig,
  id: int('id', { doc: 'The source of the numbers: the task, from 0.', default: 0, min: 0, internal: true }),
};

export type VerifiableSourceConfig = ConfigOf<typeof verifiableSourceTaskConfig>;

/** As Java's VerifiableSourceTask has them. */
export const verifiablePartition = { id: 'safeInt' } as const;
export type VerifiablePartition = OffsetOf<typeof verifiablePartition>;

/** The last number that was given. */
export const verifiableOffset = { seqno: 'int64' } as const;
export type VerifiableOffset = OffsetOf<typeof verifiableOffset>;

export const verifiableSinkConfig: {
  readonly file: ConfigKey<string | null>;
  readonly putDelay: ConfigKey<number>;
  readonly failAfter: ConfigKey<number | null>;
} = {
  file: string('file', {
    doc: 'Gets a line for each record, its source and its number; each task adds `-` and its own number to the name. Left out: records are only looked at.',
    default: null,
    importance: 'high',
  }),
  putDelay: duration('put.delay.ms', { doc: 'How long each put takes at least.', default: 0, min: 0 }),
  failAfter: long('fail.after', {
    doc: 'Fails with the put that goes beyond this many records. Left out: it does not.',
    default: null,
    min: 0,
  }),
};

/** What a task is told besides: which file is its own. */
export const verifiableSinkTaskConfig: typeof verifiableSinkConfig & { readonly id: ConfigKey<number> } = {
  ...verifiableSinkConfig,
  id: int('id', { doc: 'The task, from 0.', default: 0, min: 0, internal: true }),
};

export type VerifiableSinkConfig = ConfigOf<typeof verifiableSinkTaskConfig>;
