import { type ConfigKey, type ConfigOf, type ConfigProblem, oneOf, string } from '@millrace/api';
import { JavaDateFormat } from '@millrace/java';
import { replaceNullKey } from '../core/common-keys.ts';

export type TimestampTarget = 'string' | 'unix' | 'Date' | 'Time' | 'Timestamp';
export type UnixPrecision = 'nanoseconds' | 'microseconds' | 'milliseconds' | 'seconds';

export const timestampConverterConfig: {
  readonly field: ConfigKey<string>;
  readonly targetType: ConfigKey<TimestampTarget>;
  readonly format: ConfigKey<string>;
  readonly unixPrecision: ConfigKey<UnixPrecision>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  field: string('field', {
    doc: 'The field containing the timestamp, or empty if the entire value is a timestamp.',
    default: '',
    importance: 'high',
  }),
  targetType: oneOf('target.type', ['string', 'unix', 'Date', 'Time', 'Timestamp'], {
    doc: 'The desired timestamp representation: string, unix, Date, Time, or Timestamp.',
    importance: 'high',
  }),
  format: string('format', {
    doc:
      'A SimpleDateFormat-compatible format for the timestamp. Used to generate the output when type=string or used ' +
      'to parse the input if the input is a string.',
    default: '',
    importance: 'medium',
  }),
  unixPrecision: oneOf('unix.precision', ['nanoseconds', 'microseconds', 'milliseconds', 'seconds'], {
    doc:
      'The desired Unix precision for the timestamp: seconds, milliseconds, microseconds, or nanoseconds. Used to ' +
      'generate the output when type=unix or used to parse the input if the input is a Long. Note: This SMT will ' +
      'cause precision loss during conversions from, and to, values with sub-millisecond components.',
    default: 'milliseconds',
    importance: 'low',
  }),
  replaceNull: replaceNullKey,
};

export type TimestampConverterConfig = ConfigOf<typeof timestampConverterConfig>;

export function validateTimestampConverter(config: TimestampConverterConfig): readonly ConfigProblem[] {
  const { format, targetType } = config;
  if (format === '') {
    return targetType === 'string'
      ? [
          {
            key: 'format',
            message: 'TimestampConverter requires format option to be specified when using string timestamps',
          },
        ]
      : [];
  }
  try {
    new JavaDateFormat(format);
    return [];
  } catch (error) {
    const message =
      `Invalid value ${format} for configuration format: TimestampConverter requires a ` +
      `SimpleDateFormat-compatible pattern for string timestamps: ${(error as Error).message}`;
    return [{ key: 'format', message }];
  }
}
