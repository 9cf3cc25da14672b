import { type ConfigOf, int, type OffsetOf, string } from '@millrace/api';

/** The keys of Java's FileStreamSource, in Java's words: REST answers show them. */
export const fileStreamSourceConfig = {
  file: string('file', {
    doc: 'Source filename. If not specified, the standard input will be used',
    default: null,
    importance: 'high',
  }),
  topic: string('topic', { doc: 'The topic to publish data to', importance: 'high', nonEmpty: true }),
  batchSize: int('batch.size', {
    doc: 'The maximum number of records the source task can read from the file each time it is polled',
    default: 2000,
    importance: 'low',
  }),
};
export type FileStreamSourceConfig = ConfigOf<typeof fileStreamSourceConfig>;

export const fileStreamPartition = { filename: 'string' } as const;
export type FileStreamPartition = OffsetOf<typeof fileStreamPartition>;

/** Bytes from the start of the file. */
export const fileStreamOffset = { position: 'int64' } as const;
export type FileStreamOffset = OffsetOf<typeof fileStreamOffset>;

/** The keys of Java's FileStreamSink. */
export const fileStreamSinkConfig = {
  file: string('file', {
    doc: 'Destination filename. If not specified, the standard output will be used',
    default: null,
    importance: 'high',
  }),
};
export type FileStreamSinkConfig = ConfigOf<typeof fileStreamSinkConfig>;

/** An empty name stands for none. */
export function hasFile(config: { readonly file: string | null }): config is { readonly file: string } {
  return config.file !== null && config.file !== '';
}
