import { type Converter, DataError, fits, Schema } from '@millrace/api';
import { describe } from './describe.ts';
import { locateError, type PartName } from './locate-error.ts';

export interface PrimitiveConverterOptions {
  /** Left out: `value`. */
  readonly part?: PartName;
}

/** `org.apache.kafka.connect.converters.ShortConverter`: INT16 as two bytes, big endian. */
export function createShortConverter(options: PrimitiveConverterOptions = {}): Converter {
  return createPrimitive('ShortConverter', Schema.int16, 2, options, {
    write: (buffer, position, value) => buffer.writeInt16BE(value as number, position),
    read: (view, position) => view.getInt16(position),
  });
}

/** `org.apache.kafka.connect.converters.IntegerConverter`: INT32 as four bytes, big endian. */
export function createIntegerConverter(options: PrimitiveConverterOptions = {}): Converter {
  return createPrimitive('IntegerConverter', Schema.int32, 4, options, {
    write: (buffer, position, value) => buffer.writeInt32BE(value as number, position),
    read: (view, position) => view.getInt32(position),
  });
}

/** `org.apache.kafka.connect.converters.LongConverter`: INT64 as eight bytes, big endian. */
export function createLongConverter(options: PrimitiveConverterOptions = {}): Converter {
  return createPrimitive('LongConverter', Schema.int64, 8, options, {
    write: (buffer, position, value) => buffer.writeBigInt64BE(value as bigint, position),
    read: (view, position) => view.getBigInt64(position),
  });
}

/** `org.apache.kafka.connect.converters.FloatConverter`: FLOAT32 as four bytes, big endian. */
export function createFloatConverter(options: PrimitiveConverterOptions = {}): Converter {
  return createPrimitive('FloatConverter', Schema.float32, 4, options, {
    isOther: (value) => Math.fround(value) !== value && !Number.isNaN(value),
    write: (buffer, position, value) => buffer.writeFloatBE(value as number, position),
    read: (view, position) => view.getFloat32(position),
  });
}

/** `org.apache.kafka.connect.converters.DoubleConverter`: FLOAT64 as eight bytes, big endian. */
export function createDoubleConverter(options: PrimitiveConverterOptions = {}): Converter {
  return createPrimitive('DoubleConverter', Schema.float64, 8, options, {
    write: (buffer, position, value) => buffer.writeDoubleBE(value as number, position),
    read: (view, position) => view.getFloat64(position),
  });
}

/** `org.apache.kafka.connect.converters.BooleanConverter`: BOOLEAN as one byte, 0 or 1. */
export function createBooleanConverter(options: PrimitiveConverterOptions = {}): Converter {
  return createPrimitive(
    'BooleanConverter',
    Schema.boolean,
    1,
    { ...options, checksSchemaOfNull: true },
    {
      write: (buffer, position, value) => buffer.writeUInt8(value === true ? 1 : 0, position),
      read: (view, position) => {
        const byte = view.getUint8(position);
        if (byte > 1) throw new DataError(`BooleanConverter takes a byte of 0 or 1, got ${byte}.`);
        return byte === 1;
      },
    },
  );
}

interface Format<T> {
  /** Whether a value without a schema would lose digits, and so must be of another type. */
  readonly isOther?: (value: T) => boolean;
  readonly write: (buffer: Buffer, position: number, value: T) => void;
  readonly read: (view: DataView, position: number) => T;
}

function createPrimitive<T>(
  name: string,
  type: Schema<T>,
  length: number,
  { part = 'value', checksSchemaOfNull = false }: PrimitiveConverterOptions & { readonly checksSchemaOfNull?: boolean },
  { isOther: isOtherValue, write, read }: Format<T>,
): Converter {
  const result: { schema: Schema; value: T | null } = { schema: type.asOptional(), value: null };
  const refuse = (schema: Schema | null, value: unknown) =>
    new DataError(
      schema !== null && schema.type !== type.type
        ? `${name} takes ${type.type.toUpperCase()}; the schema is ${schema}.`
        : `${name} takes a value of type ${type.type}, got ${describe(value)}.`,
    );
  return {
    encode(topic, schema, value, writer) {
      const isOther = schema !== null && schema.type !== type.type;
      if (value === null || value === undefined) {
        if (isOther && checksSchemaOfNull) throw locateError(refuse(schema, value), topic, part);
        return false;
      }
      if (isOther || !fits(type.representation, value) || (schema === null && isOtherValue?.(value as T) === true)) {
        throw locateError(refuse(schema, value), topic, part);
      }
      writer.reserve(length);
      write(writer.buffer, writer.position, value as T);
      writer.position += length;
      return true;
    },
    decode(topic, bytes, start, end) {
      if (bytes === null) {
        result.value = null;
        return result;
      }
      if (end - start !== length) {
        const wanted = length === 1 ? '1 byte' : `${length} bytes`;
        throw locateError(new DataError(`${name} takes ${wanted}, got ${end - start}.`), topic, part);
      }
      try {
        result.value = read(new DataView(bytes.buffer, bytes.byteOffset + start, length), 0);
      } catch (error) {
        throw locateError(error, topic, part);
      }
      return result;
    },
  };
}
