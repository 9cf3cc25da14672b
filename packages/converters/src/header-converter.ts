import type { Converter, HeaderConverter } from '@millrace/api';
import type { PartName } from './locate-error.ts';

/** Lets a converter of keys and values work on headers; `create` gets what its errors call the part. */
export function asHeaderConverter(create: (part: PartName) => Converter): HeaderConverter {
  let name = '';
  const converter = create(() => `header ${name}`);
  return {
    encode(topic, key, schema, value, writer) {
      name = key;
      return converter.encode(topic, schema, value, writer, undefined);
    },
    decode(topic, key, bytes, start, end) {
      name = key;
      return converter.decode(topic, bytes, start, end, undefined);
    },
  };
}
