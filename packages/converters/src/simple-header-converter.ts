import { type HeaderConverter, type Schema, Values } from '@millrace/api';
import { locateError } from './locate-error.ts';
import { utf8Slice } from './raw-buffer.ts';
import { utf8 } from './string/charset.ts';

/**
 * `org.apache.kafka.connect.storage.SimpleHeaderConverter`: writes the text of any value, and guesses the schema from
 * the text when it reads.
 */
export function createSimpleHeaderConverter(): HeaderConverter {
  const result: { schema: Schema | null; value: unknown } = { schema: null, value: null };
  return {
    encode(topic, key, schema, value, writer) {
      if (value === null || value === undefined) return false;
      try {
        utf8.write(writer, Values.convertToString(schema, value) as string);
        return true;
      } catch (error) {
        throw locateError(error, topic, `header ${key}`);
      }
    },
    decode(topic, key, bytes, start, end) {
      result.schema = null;
      result.value = null;
      if (bytes === null) return result;
      try {
        const parsed = Values.parseString(utf8Slice(bytes, start, end));
        result.schema = parsed.schema;
        result.value = parsed.value;
        return result;
      } catch (error) {
        throw locateError(error, topic, `header ${key}`);
      }
    },
  };
}
