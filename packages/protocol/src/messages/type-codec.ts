import type { ByteReader } from '../primitives/byte-reader.ts';
import type { MessageWriter } from '../primitives/message-writer.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Primitives } from './layout.ts';
import { includesVersion, parseVersionRange } from './version-range.ts';

/** How a type is written and read in one version. */
export interface TypeCodec {
  write(writer: MessageWriter, value: unknown): void;
  read(reader: ByteReader): unknown;
  /** The value of a field that has no default of its own; a new one each time where it is an object. */
  initial(): unknown;
  isInitial(value: unknown): boolean;
  /** Fewest bytes that a value takes: bounds what an array can announce. */
  readonly minBytes: number;
}

export interface TypeContext {
  readonly version: number;
  readonly flexible: boolean;
}

const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

/** A type codec for the text form of a type: `string?3+`, `int32[]`. */
export function compileTypeName(text: string, context: TypeContext): TypeCodec {
  const match = /^(\w+)(\[\])?(?:\?(.*))?$/.exec(text);
  const name = match?.[1];
  if (match === null || name === undefined || !Object.hasOwn(initialValues, name)) {
    throw new RangeError(`"${text}" is not a type of the protocol`);
  }
  const nullable = isNullable(match[3], context.version);
  if (match[2] !== undefined)
    return arrayOf(compilePrimitive(name as keyof Primitives, false, context), nullable, context);
  return compilePrimitive(name as keyof Primitives, nullable, context);
}

/** `undefined`: never; empty: always; otherwise the versions. */
export function isNullable(versions: string | undefined, version: number): boolean {
  return versions !== undefined && (versions === '' || includesVersion(parseVersionRange(versions), version));
}

/** Arrays of anything. */
export function arrayOf(items: TypeCodec, nullable: boolean, context: TypeContext): TypeCodec {
  const lengths = lengthCodec(context.flexible, false, nullable);
  return {
    write(writer, value) {
      if (value === null) {
        lengths.write(writer, null);
        return;
      }
      if (!Array.isArray(value)) throw new ProtocolError('INVALID_VALUE', `${typeof value} is not an array`);
      lengths.write(writer, value.length);
      let index = 0;
      try {
        for (; index < value.length; index++) items.write(writer, value[index]);
      } catch (error) {
        throw error instanceof ProtocolError ? error.prepend(`[${index}]`) : error;
      }
    },
    read(reader) {
      const length = lengths.read(reader);
      if (length === null) return null;
      if (length * items.minBytes > reader.remaining) {
        throw new ProtocolError('MALFORMED', `${length} items announced, but only ${reader.remaining} bytes are left`);
      }
      const values: unknown[] = [];
      try {
        while (values.length < length) values.push(items.read(reader));
      } catch (error) {
        throw error instanceof ProtocolError ? error.prepend(`[${values.length}]`) : error;
      }
      return values;
    },
    minBytes: lengths.bytes,
    initial: () => [],
    isInitial: (value) => Array.isArray(value) && value.length === 0,
  };
}

interface LengthCodec {
  write(writer: MessageWriter, length: number | null): void;
  read(reader: ByteReader): number | null;
  /** Fewest bytes of a length. */
  readonly bytes: number;
}

/** Lengths: one more than the length as a varint in flexible versions, otherwise 16 bits for strings and 32 bits for the rest. */
function lengthCodec(flexible: boolean, short: boolean, nullable: boolean): LengthCodec {
  return {
    bytes: flexible ? 1 : short ? 2 : 4,
    write(writer, length) {
      if (length === null && !nullable) throw new ProtocolError('INVALID_VALUE', 'null is not allowed in this version');
      if (flexible) writer.unsignedVarint(length === null ? 0 : length + 1);
      else if (short) writer.int16(length ?? -1);
      else writer.int32(length ?? -1);
    },
    read(reader) {
      const length = flexible ? reader.unsignedVarint() - 1 : short ? reader.int16() : reader.int32();
      if (length >= 0) return length;
      if (length < -1) throw new ProtocolError('MALFORMED', `the length before ${reader.position} is ${length}`);
      if (!nullable)
        throw new ProtocolError('MALFORMED', `null before ${reader.position} where the version has no null`);
      return null;
    },
  };
}

const initialValues: { readonly [Name in keyof Primitives]: Primitives[Name]['decoded'] } = {
  bool: false,
  int8: 0,
  int16: 0,
  int32: 0,
  int64: 0,
  bigint64: 0n,
  uuid: zeroUuid,
  string: '',
  bytes: Buffer.alloc(0),
  records: Buffer.alloc(0),
};

const fixedBytes = { bool: 1, int8: 1, int16: 2, int32: 4, int64: 8, bigint64: 8, uuid: 16 } as const;

function compilePrimitive(name: keyof Primitives, nullable: boolean, context: TypeContext): TypeCodec {
  const initial = initialValues[name];
  const primitive = {
    initial: () => initial,
    isInitial: (value: unknown) =>
      value === initial || (initial instanceof Uint8Array && value instanceof Uint8Array && value.length === 0),
  };
  switch (name) {
    case 'string':
      return { ...primitive, ...stringCodec(lengthCodec(context.flexible, true, nullable)) };
    case 'bytes':
    case 'records':
      return { ...primitive, ...bytesCodec(lengthCodec(context.flexible, false, nullable)) };
    default:
      return {
        ...primitive,
        minBytes: fixedBytes[name],
        write: (writer, value) => writer[name](value as never),
        read: (reader) => reader[name](),
      };
  }
}

function stringCodec(lengths: LengthCodec): Pick<TypeCodec, 'minBytes' | 'write' | 'read'> {
  return {
    minBytes: lengths.bytes,
    write(writer, value) {
      if (value === null) {
        lengths.write(writer, null);
        return;
      }
      if (typeof value !== 'string') throw new ProtocolError('INVALID_VALUE', `${typeof value} is not a string`);
      const bytes = Buffer.byteLength(value);
      if (bytes > 0x7fff) {
        throw new ProtocolError('INVALID_VALUE', `a string of ${bytes} bytes; the protocol's longest is 32767`);
      }
      lengths.write(writer, bytes);
      writer.utf8(value, bytes);
    },
    read(reader) {
      const length = lengths.read(reader);
      return length === null ? null : reader.utf8(length);
    },
  };
}

/** Bytes, or several ranges of bytes that are one on the wire. */
function bytesCodec(lengths: LengthCodec): Pick<TypeCodec, 'minBytes' | 'write' | 'read'> {
  return {
    minBytes: lengths.bytes,
    write(writer, value) {
      if (value === null) {
        lengths.write(writer, null);
        return;
      }
      const ranges = Array.isArray(value) ? value : [value];
      let length = 0;
      for (const range of ranges) {
        if (!(range instanceof Uint8Array)) throw new ProtocolError('INVALID_VALUE', `${typeof range} is not bytes`);
        length += range.length;
      }
      lengths.write(writer, length);
      for (const range of ranges) writer.bytes(range);
    },
    read(reader) {
      const length = lengths.read(reader);
      return length === null ? null : reader.bytes(length);
    },
  };
}
