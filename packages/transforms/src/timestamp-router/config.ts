import { type ConfigKey, type ConfigOf, string } from '@millrace/api';

export const timestampRouterConfig: {
  readonly topicFormat: ConfigKey<string>;
  readonly timestampFormat: ConfigKey<string>;
} = {
  topicFormat: string('topic.format', {
    doc:
      'Format string which can contain `${topic}` and `${timestamp}` as placeholders for the topic and timestamp, ' +
      'respectively.',
    default: '${topic}-${timestamp}',
    importance: 'high',
  }),
  timestampFormat: string('timestamp.format', {
    doc: 'Format string for the timestamp that is compatible with `java.text.SimpleDateFormat`.',
    default: 'yyyyMMdd',
    importance: 'high',
  }),
};

export type TimestampRouterConfig = ConfigOf<typeof timestampRouterConfig>;
