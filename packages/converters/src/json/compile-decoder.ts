import type { Field, Schema } from '@millrace/api';
import { canGenerateCode, literalKey } from '../generate-code.ts';
import type { JsonFormat } from './json-options.ts';
import { jsonString } from './json-string.ts';
import { JsonNumber } from './parse-json.ts';
import * as read from './read-bytes.ts';
import { valueFromJson } from './value-from-json.ts';

/**
 * Reads the value of one schema at the cursor and moves it behind, or to -1 when the bytes are not laid out as Java and
 * this package write them: fields in the order of the schema, no blanks. Then the plain decoder has the word.
 */
export type Decode = (cursor: read.Cursor) => unknown;

const mostFieldsOfFunction = 64;

const integer = /^-?\d+$/;

const reject: Decode = (cursor) => {
  cursor.position = -1;
  return null;
};

/** Compiles decoders for schemas, and remembers those of structs inside of structs. */
export class DecoderCompiler {
  readonly #format: JsonFormat;
  readonly #structs = new WeakMap<Schema, Decode>();

  constructor(format: JsonFormat) {
    this.#format = format;
  }

  compile(schema: Schema): Decode {
    if (!canGenerateCode) return reject;
    const decode = this.#required(schema);
    const { defaultValue } = schema;
    const isReplaced = defaultValue !== undefined && this.#format.replaceNullWithDefault;
    if (!isReplaced && !schema.optional) return decode;
    const whenNull = isReplaced ? defaultValue : null;
    return (cursor) => {
      if (cursor.bytes[cursor.position] !== 0x6e) return decode(cursor);
      read.skipNull(cursor);
      return whenNull;
    };
  }

  #required(schema: Schema): Decode {
    switch (schema.representation) {
      case 'struct':
        return this.#struct(schema);
      case 'array':
        return this.#array(schema);
      case 'map':
        return this.#map(schema);
      case 'int8':
        return read.readInt8;
      case 'int16':
        return read.readInt16;
      case 'int32':
        return read.readInt32;
      case 'int64':
        return read.readLong;
      case 'float32':
        return read.readFloat;
      case 'float64':
        return read.readDouble;
      case 'boolean':
        return read.readBoolean;
      case 'string':
        return read.readString;
      case 'timestamp':
        return read.readTimestamp;
      case 'date':
      case 'time':
        return this.#node(schema, (cursor) => numberNode(cursor));
      case 'bytes':
        return this.#node(schema, (cursor) => read.readString(cursor));
      case 'decimal':
        return this.#node(schema, (cursor) =>
          cursor.bytes[cursor.position] === 0x22 ? read.readString(cursor) : numberNode(cursor),
        );
    }
  }

  /** Reads the JSON here, and leaves what it means to the plain decoder. */
  #node(schema: Schema, readNode: (cursor: read.Cursor) => string | JsonNumber): Decode {
    return (cursor) => {
      const node = readNode(cursor);
      if (cursor.position < 0) return null;
      try {
        return valueFromJson(schema, node, this.#format);
      } catch {
        cursor.position = -1; // the plain decoder says it again, with the path
        return null;
      }
    };
  }

  #array(schema: Schema): Decode {
    const decodeItem = this.compile(schema.valueSchema as Schema);
    return (cursor) => {
      const items: unknown[] = [];
      if (!read.take(cursor, 0x5b)) return reject(cursor);
      if (read.take(cursor, 0x5d)) return items;
      do {
        items.push(decodeItem(cursor));
        if (cursor.position < 0) return null;
      } while (read.take(cursor, 0x2c));
      return read.take(cursor, 0x5d) ? items : reject(cursor);
    };
  }

  #map(schema: Schema): Decode {
    if ((schema.keySchema as Schema).type !== 'string') return reject;
    const decodeValue = this.compile(schema.valueSchema as Schema);
    return (cursor) => {
      const map = new Map<string, unknown>();
      if (!read.take(cursor, 0x7b)) return reject(cursor);
      if (read.take(cursor, 0x7d)) return map;
      do {
        const key = read.readString(cursor);
        if (cursor.position < 0) return null;
        if (!read.take(cursor, 0x3a)) return reject(cursor);
        map.set(key, decodeValue(cursor));
        if (cursor.position < 0) return null;
      } while (read.take(cursor, 0x2c));
      return read.take(cursor, 0x7d) ? map : reject(cursor);
    };
  }

  #struct(schema: Schema): Decode {
    const known = this.#structs.get(schema);
    if (known !== undefined) return known;
    const decode = schema.fields.length === 0 ? reject : this.#generate(schema);
    this.#structs.set(schema, decode);
    return decode;
  }

  /** A function for a struct: its keys are compared as constants, its values end in one object literal. */
  #generate(schema: Schema): Decode {
    const { fields } = schema;
    const children = fields.map((field) => this.compile(field.schema));
    const isLong = fields.length > mostFieldsOfFunction;
    const slotOf = (index: number) => (isLong ? `s[${index}]` : `v${index}`);
    const reading = fields.map((field) => readField(field, `${isLong ? '' : 'const '}${slotOf(field.index)}`));
    const head = 'const b = c.bytes; let p = c.position;';
    const parts: string[] = [];
    for (let first = 0; isLong && first < fields.length; first += mostFieldsOfFunction) {
      const body = reading.slice(first, first + mostFieldsOfFunction).join('\n');
      parts.push(`function part${parts.length}(c) {\n${head}\n${body}\nreturn true;\n}`);
    }
    const calls = parts.map((_, part) => `if (!part${part}(c)) return null;`);
    const body = [
      ...(isLong ? [...calls, head] : [head, ...reading]),
      'if (p >= c.end || b[p] !== 125) { c.position = -1; return null; }',
      'c.position = p + 1;',
      `return { ${fields.map(({ name, index }) => `${literalKey(name)}: ${slotOf(index)}`).join(', ')} };`,
    ].join('\n');
    const source = `'use strict';
${children.map((_, index) => `const d${index} = children[${index}];`).join(' ')}
const { ${Object.values(directReaders).join(', ')} } = read;
const s = new Array(${isLong ? fields.length : 0}).fill(null);
${parts.join('\n')}
return function decode(c) {\n${body}\n};`;
    return new Function('children', 'read', source)(children, read);
  }
}

/**
 * Reads one field into a variable, or into a slot of `s` where a struct has so many fields that its function is cut in
 * parts: V8 does not optimise functions of any length.
 */
function readField({ name, index, schema }: Field, target: string): string {
  const key = Buffer.from(`${index === 0 ? '{' : ','}${jsonString(name)}:`);
  const test = Array.from(key, (byte, offset) => `b[p${offset === 0 ? '' : ` + ${offset}`}] !== ${byte}`);
  return [
    `if (${test.join(' || ')}) { c.position = -1; return null; }`,
    `c.position = p + ${key.length};`,
    `${target} = ${callOf(schema, index)};`,
    `p = c.position; if (p < 0) return null;`,
  ].join('\n');
}

const directReaders: Readonly<Record<string, string>> = {
  int8: 'readInt8',
  int16: 'readInt16',
  int32: 'readInt32',
  int64: 'readLong',
  float32: 'readFloat',
  float64: 'readDouble',
  boolean: 'readBoolean',
  string: 'readString',
  timestamp: 'readTimestamp',
};

/** Readers that never see null are called by name, so that they can be inlined. */
function callOf(schema: Schema, index: number): string {
  const reader = directReaders[schema.representation];
  return reader === undefined || schema.optional || schema.defaultValue !== undefined ? `d${index}(c)` : `${reader}(c)`;
}

function numberNode(cursor: read.Cursor): JsonNumber {
  const text = read.readNumberText(cursor);
  return new JsonNumber(text, integer.test(text));
}
