import { type ConfigKey, list, regex } from '@millrace/api';
import { compileJavaRegex, type JavaRegex } from '@millrace/java';
import { type CommonConnectorKeys, commonConnectorKeys } from './common-connector-keys.ts';
import { type DeadLetterKeys, deadLetterKeys } from './dead-letter-keys.ts';

export type SinkConnectorKeys = CommonConnectorKeys &
  DeadLetterKeys & {
    readonly topics: ConfigKey<readonly string[]>;
    /** Its `pattern` is empty where the topics are listed. */
    readonly topicsRegex: ConfigKey<JavaRegex>;
  };

/** The keys of every sink connector. */
export const sinkConnectorKeys: SinkConnectorKeys = {
  ...commonConnectorKeys,
  topics: list('topics', {
    doc: 'List of topics to consume, separated by commas',
    default: [],
    unique: true,
    importance: 'high',
    group: 'Common',
    order: 4,
    width: 'long',
    displayName: 'Topics',
  }),
  topicsRegex: regex('topics.regex', {
    doc: 'Regular expression giving topics to consume. Under the hood, the regex is compiled to a <code>java.util.regex.Pattern</code>. Only one of topics or topics.regex should be specified.',
    default: '',
    compile: compileJavaRegex,
    importance: 'high',
    group: 'Common',
    order: 4,
    width: 'long',
    displayName: 'Topics regex',
  }),
  ...deadLetterKeys,
};
