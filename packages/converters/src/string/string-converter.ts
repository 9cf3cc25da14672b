import { ConfigError, type Converter, Schema } from '@millrace/api';
import { javaText } from '@millrace/java';
import { locateError, type PartName } from '../locate-error.ts';
import { charsetNames, findCharset } from './charset.ts';

export interface StringConverterOptions {
  /** Name of the encoding, as Java knows it. Left out: `UTF-8`. */
  readonly encoding?: string;
  /** Left out: `value`. */
  readonly part?: PartName;
}

const optionalString = Schema.string.asOptional();

/**
 * `org.apache.kafka.connect.storage.StringConverter`: writes the text of any value, and reads texts.
 *
 * @throws ConfigError for an encoding that is not known.
 */
export function createStringConverter(options: StringConverterOptions = {}): Converter {
  const { encoding = 'UTF-8', part = 'value' } = options;
  const charset = findCharset(encoding);
  if (charset === undefined) {
    throw new ConfigError(`Encoding ${JSON.stringify(encoding)} is not known; known are ${charsetNames.join(', ')}.`);
  }
  const result: { schema: Schema; value: string | null } = { schema: optionalString, value: null };
  return {
    encode(topic, schema, value, writer) {
      if (typeof value === 'string') {
        charset.write(writer, value);
        return true;
      }
      if (value === null || value === undefined) return false;
      try {
        charset.write(writer, javaText(schema, value));
        return true;
      } catch (error) {
        throw locateError(error, topic, part);
      }
    },
    decode(_topic, bytes, start, end) {
      result.value = bytes === null ? null : charset.read(bytes, start, end);
      return result;
    },
  };
}
