import type { ByteReader } from '../primitives/byte-reader.ts';
import type { MessageWriter } from '../primitives/message-writer.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Fields } from './layout.ts';
import type { Decoded, Encodable } from './message-types.ts';
import { compileStruct } from './struct-codec.ts';
import type { TypeCodec } from './type-codec.ts';
import { includesVersion, parseVersionRange } from './version-range.ts';

/** Encodes and decodes one message; what a version needs is prepared when it is first used. */
export interface MessageCodec<Layout extends Fields> {
  encode(version: number, writer: MessageWriter, message: Encodable<Layout>): void;
  decode(version: number, reader: ByteReader): Decoded<Layout>;
}

export interface MessageCodecOptions {
  /** Named in errors: `Fetch request`. */
  readonly name: string;
  readonly versions: string;
  readonly flexible: string;
}

export function createMessageCodec<const Layout extends Fields>(
  layout: Layout,
  options: MessageCodecOptions,
): MessageCodec<Layout> {
  const versions = parseVersionRange(options.versions);
  const flexible = parseVersionRange(options.flexible);
  const prepared: (TypeCodec | undefined)[] = [];
  const codec = (version: number): TypeCodec => {
    const known = prepared[version];
    if (known !== undefined) return known;
    if (!includesVersion(versions, version)) {
      throw new ProtocolError('UNSUPPORTED', `version ${version} is not spoken here, only ${options.versions}`).prepend(
        options.name,
      );
    }
    const made = compileStruct(layout, version, includesVersion(flexible, version));
    prepared[version] = made;
    return made;
  };
  const located = (error: unknown, version: number): unknown =>
    error instanceof ProtocolError ? error.prepend(`${options.name} v${version}`) : error;
  return {
    encode(version, writer, message) {
      const struct = codec(version);
      try {
        struct.write(writer, message);
      } catch (error) {
        throw located(error, version);
      }
    },
    decode(version, reader) {
      const struct = codec(version);
      try {
        return struct.read(reader) as Decoded<Layout>;
      } catch (error) {
        throw located(error, version);
      }
    },
  };
}
