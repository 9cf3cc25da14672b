import type { Converter, SchemaAndValue } from '../plugins/converter.ts';
import type { Schema } from '../schema/schema.ts';
import { createByteWriter } from './byte-writer.ts';

/** Encodes one value by itself, for tests and for authors; `null` when the converter writes nothing. */
export function toBytes(converter: Converter, topic: string, schema: Schema | null, value: unknown): Buffer | null {
  const writer = createByteWriter();
  return converter.encode(topic, schema, value, writer, undefined) ? writer.buffer.subarray(0, writer.position) : null;
}

/** Decodes one value by itself, for tests and for authors. */
export function fromBytes(converter: Converter, topic: string, bytes: Uint8Array | null): SchemaAndValue {
  const { schema, value } = converter.decode(topic, bytes, 0, bytes?.length ?? 0, undefined);
  return { schema, value };
}
