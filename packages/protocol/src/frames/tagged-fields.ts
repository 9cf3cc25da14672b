import type { ByteReader } from '../primitives/byte-reader.ts';

/** Passes over the tagged fields of a header, of which none is known. */
export function skipTaggedFields(reader: ByteReader): void {
  for (let count = reader.unsignedVarint(); count > 0; count--) {
    reader.unsignedVarint();
    reader.take(reader.unsignedVarint());
  }
}
