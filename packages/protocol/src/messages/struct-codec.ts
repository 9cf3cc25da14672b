import { ByteReader } from '../primitives/byte-reader.ts';
import { MessageWriter } from '../primitives/message-writer.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Field, FieldOptions, Fields, FieldType } from './layout.ts';
import { arrayOf, compileTypeName, isNullable, type TypeCodec, type TypeContext } from './type-codec.ts';
import { includesVersion, parseVersionRange } from './version-range.ts';

type Values = Record<string, unknown>;

interface CompiledField {
  readonly name: string;
  readonly type: TypeCodec;
  readonly options: FieldOptions;
  readonly present: boolean;
  initial(): unknown;
  isInitial(value: unknown): boolean;
}

/** A structure in one version: its fields in order, then in flexible versions the tagged ones. */
export function compileStruct(layout: Fields, version: number, flexible: boolean): TypeCodec {
  const all = Object.entries(layout).map(([name, field]) => compileField(name, field, { version, flexible }));
  const plain = all.filter((field) => field.present && field.options.tag === undefined);
  const tagged = all
    .filter((field) => field.present && field.options.tag !== undefined)
    .sort((one, other) => one.options.tag! - other.options.tag!);
  const absent = all.filter((field) => !field.present);
  const refused = absent.filter((field) => field.options.ignorable !== true);
  /** Gives every decoded object the same shape. Structures in it are frozen, arrays are made anew each time. */
  const template: Values = Object.fromEntries(all.map((field) => [field.name, field.initial()]));
  const renewed = [...absent, ...tagged].filter(({ name }) => Array.isArray(template[name]));

  const initial = (): Values => {
    const values = { ...template };
    for (const field of renewed) values[field.name] = field.initial();
    return values;
  };

  return {
    initial,
    minBytes: plain.reduce((sum, field) => sum + field.type.minBytes, flexible ? 1 : 0),
    isInitial: (value) =>
      typeof value === 'object' &&
      value !== null &&
      all.every(
        (field) => (value as Values)[field.name] === undefined || field.isInitial((value as Values)[field.name]),
      ),
    write(writer, value) {
      if (typeof value !== 'object' || value === null) {
        throw new ProtocolError('INVALID_VALUE', `${value === null ? 'null' : typeof value} is not a structure`);
      }
      const values = value as Values;
      let name = '';
      try {
        for (const field of refused) {
          name = field.name;
          if (values[name] !== undefined && !field.isInitial(values[name])) {
            throw new ProtocolError('UNSUPPORTED', 'this version has no such field');
          }
        }
        for (const field of plain) {
          name = field.name;
          field.type.write(writer, given(field, values));
        }
        if (flexible) {
          name = 'tagged fields';
          writeTagged(writer, values, tagged);
        }
      } catch (error) {
        throw error instanceof ProtocolError ? error.prepend(name) : error;
      }
    },
    read(reader) {
      const values = initial();
      let name = '';
      try {
        for (const field of plain) {
          name = field.name;
          values[name] = field.type.read(reader);
        }
        if (flexible) {
          name = 'tagged fields';
          readTagged(reader, values, tagged);
        }
      } catch (error) {
        throw error instanceof ProtocolError ? error.prepend(name) : error;
      }
      return values;
    },
  };
}

function given(field: CompiledField, values: Values): unknown {
  const value = values[field.name];
  if (value !== undefined) return value;
  if (field.options.default === undefined) {
    throw new ProtocolError('INVALID_VALUE', 'missing: this version has the field, and it has no default');
  }
  return field.options.default;
}

function writeTagged(writer: MessageWriter, values: Values, fields: readonly CompiledField[]): void {
  const written = fields.filter((field) => values[field.name] !== undefined && !field.isInitial(values[field.name]));
  writer.unsignedVarint(written.length);
  for (const field of written) {
    const body = new MessageWriter(64);
    field.type.write(body, values[field.name]);
    writer.unsignedVarint(field.options.tag!);
    writer.unsignedVarint(body.byteLength);
    for (const piece of body.finish()) writer.bytes(piece);
  }
}

function readTagged(reader: ByteReader, values: Values, fields: readonly CompiledField[]): void {
  for (let count = reader.unsignedVarint(); count > 0; count--) {
    const tag = reader.unsignedVarint();
    const size = reader.unsignedVarint();
    const start = reader.take(size);
    const field = fields.find(({ options }) => options.tag === tag);
    if (field === undefined) continue;
    const body = new ByteReader(reader.buffer, start, start + size);
    values[field.name] = field.type.read(body);
    if (body.remaining > 0) {
      throw new ProtocolError(
        'MALFORMED',
        `${body.remaining} bytes too many in the tagged field before ${reader.position}`,
      );
    }
  }
}

function compileField(name: string, field: Field, context: TypeContext): CompiledField {
  const [type, versions, options] = Array.isArray(field)
    ? (field as readonly [FieldType, string, FieldOptions?])
    : ([field as FieldType, '0+'] as const);
  const codec = compileType(type, context);
  const preset = options?.default;
  const scalar = preset !== undefined && (typeof preset !== 'object' || preset === null);
  return {
    name,
    type: codec,
    options: options ?? {},
    present: includesVersion(parseVersionRange(versions), context.version),
    initial: () => (scalar ? preset : codec.initial()),
    isInitial: (value) => (scalar ? value === preset : codec.isInitial(value)),
  };
}

function compileType(type: FieldType, context: TypeContext): TypeCodec {
  if (typeof type === 'string') return compileTypeName(type, context);
  if ('struct' in type) {
    const struct = compileStruct(type.struct, context.version, context.flexible);
    const shared = Object.freeze(struct.initial());
    return { ...struct, initial: () => shared };
  }
  const items = compileStruct(type.array, context.version, context.flexible);
  return arrayOf(items, isNullable(type.nullable, context.version), context);
}
