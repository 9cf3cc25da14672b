import { bytes, type ConfigKey, type ConfigOf, list, type PrefixedKeys, prefixed, string } from '@millrace/api';

/** Stand behind `table.` in the configuration of a lookup. */
export const topicTableConfig: {
  readonly topic: ConfigKey<string>;
  readonly key: ConfigKey<readonly string[]>;
  readonly keyConverter: ConfigKey<string | null>;
  readonly keyConverterConfig: PrefixedKeys;
  readonly valueConverter: ConfigKey<string | null>;
  readonly valueConverterConfig: PrefixedKeys;
  readonly maxBytes: ConfigKey<number>;
} = {
  topic: string('topic', {
    doc: 'The topic with the rows: its latest record of each key, a tombstone deletes. It should be compacted.',
    nonEmpty: true,
    importance: 'high',
  }),
  key: list('key', {
    doc: "The fields of the record's key that make the key of a row. Left out: the record's key as a whole.",
    default: [],
    unique: true,
    importance: 'high',
  }),
  keyConverter: string('key.converter', {
    doc: 'How the keys in the topic are read: one of the converters that come with the worker. Left out: as the connector reads or writes keys.',
    default: null,
  }),
  keyConverterConfig: prefixed('key.converter.', { doc: "The key converter's own configuration." }),
  valueConverter: string('value.converter', {
    doc: 'How the rows in the topic are read; as `key.converter`.',
    default: null,
  }),
  valueConverterConfig: prefixed('value.converter.', { doc: "The value converter's own configuration." }),
  maxBytes: bytes('max.bytes', {
    doc: 'How large the rows may become, as they are in the topic. A larger table is not opened; one that grows beyond it fails the tasks that use it. It counts towards what the host allows for all tables.',
    default: 64 * 1024 * 1024,
    min: 1,
  }),
};

export type TopicTableConfig = ConfigOf<typeof topicTableConfig>;
