import { DataError, type Transform } from '@millrace/api';
import { JavaDateFormat } from '@millrace/java';
import type { TimestampRouterConfig } from './config.ts';

/** Makes the topic from the topic and the record's timestamp, in UTC. */
export function timestampRouter({ topicFormat, timestampFormat }: TimestampRouterConfig): Transform {
  let format: JavaDateFormat | undefined;
  // As in Java a bad pattern is an error of the record, not of the configuration.
  const formatter = (): JavaDateFormat => {
    format ??= parsePattern(timestampFormat);
    return format;
  };
  return {
    apply(record) {
      const { timestamp, topic } = record;
      if (timestamp === null) {
        throw new DataError(
          `A record of topic ${topic} has no timestamp, so its new topic cannot be made; ` +
            'let a predicate keep such records away from TimestampRouter.',
          { topic, part: 'timestamp' },
        );
      }
      const text = formatter().format(timestamp);
      const routed = topicFormat.replaceAll('${topic}', () => topic).replaceAll('${timestamp}', () => text);
      return record.with({ topic: routed }) as typeof record;
    },
  };
}

function parsePattern(pattern: string): JavaDateFormat {
  try {
    return new JavaDateFormat(pattern);
  } catch (cause) {
    throw new DataError(`The pattern ${pattern} in timestamp.format is wrong: ${(cause as Error).message}.`, { cause });
  }
}
