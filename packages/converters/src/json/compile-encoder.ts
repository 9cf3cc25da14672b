import type { ByteWriter, Schema } from '@millrace/api';
import { canGenerateCode } from '../generate-code.ts';
import type { JsonFormat } from './json-options.ts';
import { jsonString } from './json-string.ts';
import { valueToJson } from './value-to-json.ts';
import * as write from './write-bytes.ts';

/**
 * Writes the JSON of a value of one schema; throws {@link surprise} when the value is not as expected, and then the
 * plain encoder has the word.
 */
export type Encode = (writer: ByteWriter, value: unknown) => void;

/** Thrown by compiled encoders. One instance: nobody sees it, and a stack would cost more than the encoding. */
const surprise: unique symbol = Symbol('not as expected');

/** What generated code calls, by these names. */
const helpers = {
  writeInteger: write.writeInteger,
  writeLong: write.writeLong,
  writeFloat: write.writeFloat,
  writeDouble: write.writeDouble,
  writeShortString: write.writeShortString,
  writeString: write.writeString,
  surprise,
};

/** Keys that long are copied; shorter ones are written as constants. */
const longestInlineKey = 48;
const mostFieldsOfFunction = 64;

/** Compiles encoders for schemas, and remembers those of structs inside of structs. */
export class EncoderCompiler {
  readonly #format: JsonFormat;
  readonly #structs = new WeakMap<Schema, Encode>();

  constructor(format: JsonFormat) {
    this.#format = format;
  }

  compile(schema: Schema): Encode {
    switch (schema.representation) {
      case 'struct':
        return this.#struct(schema);
      case 'array':
        return this.#array(schema);
      case 'map':
        return this.#map(schema);
      default:
        return this.#plain(schema);
    }
  }

  /** Values that stand alone, in arrays and in maps. */
  #plain(schema: Schema): Encode {
    const plain: Encode = (writer, value) => write.writeText(writer, valueToJson(schema, value, this.#format));
    switch (schema.representation) {
      case 'string':
        return (writer, value) => {
          if (typeof value === 'string') write.writeString(writer, value, 0);
          else plain(writer, value);
        };
      case 'int32':
        return (writer, value) => {
          if (typeof value !== 'number' || (value | 0) !== value) return plain(writer, value);
          makeRoom(writer, write.longestInteger);
          writer.position = write.writeInteger(writer.buffer, writer.position, value | 0);
        };
      case 'int64':
        return (writer, value) => {
          if (typeof value !== 'bigint') return plain(writer, value);
          makeRoom(writer, write.longestInteger);
          const position = write.writeLong(writer.buffer, writer.position, value);
          if (position < 0) throw surprise;
          writer.position = position;
        };
      case 'float64':
        return (writer, value) => {
          if (typeof value !== 'number') return plain(writer, value);
          makeRoom(writer, write.longestFloat);
          writer.position = write.writeDouble(writer.buffer, writer.position, value);
        };
      default:
        return plain;
    }
  }

  #array(schema: Schema): Encode {
    const format = this.#format;
    const encodeItem = this.compile(schema.valueSchema as Schema);
    return (writer, value) => {
      if (!Array.isArray(value)) {
        write.writeText(writer, valueToJson(schema, value, format));
        return;
      }
      writeByte(writer, 0x5b);
      for (let index = 0; index < value.length; index++) {
        if (index > 0) writeByte(writer, 0x2c);
        encodeItem(writer, value[index]);
      }
      writeByte(writer, 0x5d);
    };
  }

  #map(schema: Schema): Encode {
    const format = this.#format;
    const keySchema = schema.keySchema as Schema;
    const encodeValue = this.compile(schema.valueSchema as Schema);
    return (writer, value) => {
      if (keySchema.type !== 'string' || !(value instanceof Map)) {
        write.writeText(writer, valueToJson(schema, value, format));
        return;
      }
      let separator = 0x7b;
      for (const [key, inner] of value) {
        if (typeof key !== 'string') throw surprise;
        writeByte(writer, separator);
        separator = 0x2c;
        write.writeString(writer, key, 1);
        writer.buffer[writer.position++] = 0x3a;
        encodeValue(writer, inner);
      }
      if (separator === 0x7b) writeByte(writer, 0x7b);
      writeByte(writer, 0x7d);
    };
  }

  #struct(schema: Schema): Encode {
    const known = this.#structs.get(schema);
    if (known !== undefined) return known;
    const encode = canGenerateCode && schema.fields.length > 0 ? this.#generate(schema) : this.#plain(schema);
    this.#structs.set(schema, encode);
    return encode;
  }

  /**
   * A function for a struct: keys are constants, the types of its fields are known, and room is made once for all of
   * them but strings. `w` is the writer, `v` the struct, `b` and `p` buffer and position, `x` the field's value.
   */
  #generate(schema: Schema): Encode {
    const { length } = schema.fields;
    const children: (Encode | undefined)[] = [];
    const defaults: (Buffer | undefined)[] = [];
    const parts = Array.from({ length: Math.ceil(length / mostFieldsOfFunction) }, (_, part) => {
      const first = part * mostFieldsOfFunction;
      const body = this.#part(schema, first, Math.min(length, first + mostFieldsOfFunction), children, defaults);
      return `function part${part}(w, v) {\n${body}\n}`;
    });
    const keys = schema.fields.map((field, index) => keyOf(field.name, index));
    const other: Encode = (writer, value) => write.writeText(writer, valueToJson(schema, value, this.#format));
    const source = `'use strict'; ${parts.join('\n')}
return function encode(w, v) {
  if (typeof v !== 'object' || v === null) return h.other(w, v);
  let n = 0; for (const name in v) n++;
  if (n !== ${length}) throw h.surprise;
  ${parts.map((_, part) => `part${part}(w, v);`).join(' ')}
};`;
    return new Function('h', 'keys', 'children', 'defaults', source)({ ...helpers, other }, keys, children, defaults);
  }

  /** Some of the fields: V8 does not optimise functions of any length. */
  #part(
    schema: Schema,
    first: number,
    end: number,
    children: (Encode | undefined)[],
    defaults: (Buffer | undefined)[],
  ): string {
    const fields = schema.fields.slice(first, end);
    const keys = fields.map((field) => keyOf(field.name, field.index));
    const sizes = fields.map((field, index) => (keys[index] as Buffer).length + longest(field.schema));
    const total = sizes.reduce((sum, size) => sum + size, 2);
    const lines = [
      'let b = w.buffer, p = w.position, x;',
      `if (b.length - p < ${total}) { w.reserve(${total}); b = w.buffer; }`,
    ];
    let left = total;
    for (const [index, field] of fields.entries()) {
      left -= sizes[index] as number;
      const key = keys[index] as Buffer;
      lines.push(
        key.length <= longestInlineKey ? constants(key) : `b.set(keys[${field.index}], p); p += ${key.length};`,
        `x = v[${JSON.stringify(field.name)}];`,
        this.#field(field.schema, field.index, left, children, defaults),
      );
    }
    if (end === schema.fields.length) lines.push(constants(Buffer.from('}')));
    lines.push('w.position = p;');
    return lines.join('\n');
  }

  #field(
    schema: Schema,
    index: number,
    left: number,
    children: (Encode | undefined)[],
    defaults: (Buffer | undefined)[],
  ): string {
    const room = (need: string) => `if (b.length - p < ${need}) { w.position = p; w.reserve(${need}); b = w.buffer; }`;
    const child = (encode: Encode) => {
      children[index] = encode;
      return `w.position = p; children[${index}](w, x); b = w.buffer; p = w.position; ${room(String(left))}`;
    };
    // Others refuse it by their type; these would take it for null, and lose what stands under a wrong name beside it.
    const refuseMissing = 'if (x === undefined) throw h.surprise;';
    const whenNull = (write: string): string => {
      if (schema.defaultValue !== undefined && this.#format.replaceNullWithDefault) {
        const bytes = Buffer.from(valueToJson(schema, schema.defaultValue, this.#format));
        defaults[index] = bytes;
        const copy = `b.set(defaults[${index}], p); p += ${bytes.length};`;
        return `if (x === null) { ${room(String(bytes.length + left))} ${copy} } else ${write}`;
      }
      if (schema.optional) return `if (x === null) { ${constants(Buffer.from('null'))} } else ${write}`;
      return write;
    };
    switch (schema.representation) {
      case 'int8':
      case 'int16': {
        const shift = schema.representation === 'int8' ? 24 : 16;
        const test = `typeof x === 'number' && ((x << ${shift}) >> ${shift}) === x`;
        return whenNull(`if (${test}) p = h.writeInteger(b, p, x | 0); else throw h.surprise;`);
      }
      case 'int32':
        return whenNull(
          `if (typeof x === 'number' && (x | 0) === x) p = h.writeInteger(b, p, x | 0); else throw h.surprise;`,
        );
      case 'int64':
        return whenNull(
          `if (typeof x === 'bigint') { p = h.writeLong(b, p, x); if (p < 0) throw h.surprise; } else throw h.surprise;`,
        );
      case 'float32':
        return whenNull(`if (typeof x === 'number') p = h.writeFloat(b, p, x); else throw h.surprise;`);
      case 'float64':
        return whenNull(`if (typeof x === 'number') p = h.writeDouble(b, p, x); else throw h.surprise;`);
      case 'boolean':
        return whenNull(
          `if (x === true) { ${constants(Buffer.from('true'))} } ` +
            `else if (x === false) { ${constants(Buffer.from('false'))} } else throw h.surprise;`,
        );
      case 'timestamp':
        return whenNull(
          `if (x instanceof Date) { const t = x.getTime(); if (t !== t) throw h.surprise; p = h.writeInteger(b, p, t); } ` +
            `else throw h.surprise;`,
        );
      case 'string':
        return whenNull(
          `if (typeof x === 'string') { if (x.length <= ${write.shortString}) { ` +
            `${room(`x.length * ${write.longestCharacter} + ${left + 2}`)} ` +
            `p = h.writeShortString(b, p, x); } else { w.position = p; h.writeString(w, x, ${left}); ` +
            `b = w.buffer; p = w.position; } } else throw h.surprise;`,
        );
      case 'struct':
      case 'array':
      case 'map': {
        const inner = child(this.compile(schema));
        return `${refuseMissing} else ${whenNull(`{ ${inner} }`)}`;
      }
      default: {
        const encode: Encode = (writer, value) => write.writeText(writer, valueToJson(schema, value, this.#format));
        return `${refuseMissing} else ${whenNull(`{ ${child(encode)} }`)}`;
      }
    }
  }
}

function makeRoom(writer: ByteWriter, bytes: number): void {
  if (writer.buffer.length - writer.position < bytes) writer.reserve(bytes);
}

function writeByte(writer: ByteWriter, byte: number): void {
  makeRoom(writer, 1);
  writer.buffer[writer.position++] = byte;
}

/** Room for a field's value, without strings and what is written by others. */
function longest(schema: Schema): number {
  switch (schema.representation) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'timestamp':
      return write.longestInteger;
    case 'float32':
    case 'float64':
      return write.longestFloat;
    default:
      return 5;
  }
}

function keyOf(name: string, index: number): Buffer {
  return Buffer.from(`${index === 0 ? '{' : ','}${jsonString(name)}:`);
}

function constants(bytes: Buffer): string {
  const stores = Array.from(bytes, (byte, index) => `b[p${index === 0 ? '' : ` + ${index}`}] = ${byte};`);
  return `${stores.join(' ')} p += ${bytes.length};`;
}
