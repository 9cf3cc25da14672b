import { type Converter, DataError, Schema } from '@millrace/api';
import { describe } from './describe.ts';
import { locateError, type PartName } from './locate-error.ts';

export interface ByteArrayConverterOptions {
  /** Left out: `value`. */
  readonly part?: PartName;
}

const optionalBytes = Schema.bytes.asOptional();

/**
 * `org.apache.kafka.connect.converters.ByteArrayConverter`: hands bytes through. What `decode` gives is a view of the
 * message, not a copy.
 */
export function createByteArrayConverter({ part = 'value' }: ByteArrayConverterOptions = {}): Converter {
  const result: { schema: Schema; value: Buffer | null } = { schema: optionalBytes, value: null };
  return {
    encode(topic, schema, value, writer) {
      if (schema !== null && schema.type !== 'bytes') {
        throw locateError(new DataError(`ByteArrayConverter takes BYTES; the schema is ${schema}.`), topic, part);
      }
      if (value === null || value === undefined) return false;
      if (!(value instanceof Uint8Array)) {
        throw locateError(new DataError(`ByteArrayConverter takes bytes, got ${describe(value)}.`), topic, part);
      }
      writer.reserve(value.length);
      writer.buffer.set(value, writer.position);
      writer.position += value.length;
      return true;
    },
    decode(_topic, bytes, start, end) {
      result.value = bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
      return result;
    },
  };
}
