import type { ByteWriter } from '@millrace/api';
import { deepestNesting } from './parse-json.ts';
import { isPlain } from './schemaless-to-json.ts';
import { longestFloat, longestInteger, writeAscii, writeDouble, writeInteger, writeString } from './write-bytes.ts';

/**
 * Writes the JSON of a value without a schema if it is made of plain objects, arrays, strings, numbers, booleans and
 * null; `false` for all else, and then the plain encoder has the word and what was written counts for nothing.
 */
export function writeSchemaless(writer: ByteWriter, value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
      writeString(writer, value, 0);
      return true;
    case 'number':
      writeNumber(writer, value);
      return true;
    case 'boolean':
      writeWord(writer, value ? 'true' : 'false');
      return true;
    case 'bigint':
      writeWord(writer, value.toString());
      return true;
    case 'object':
      if (value === null) {
        writeWord(writer, 'null');
        return true;
      }
      if (depth >= deepestNesting || (depth === 0 && inheritsNames())) return false;
      if (Array.isArray(value)) return writeArray(writer, value, depth + 1);
      return isPlain(value) && writeObject(writer, value as Readonly<Record<string, unknown>>, depth + 1);
    default:
      return false;
  }
}

function writeObject(writer: ByteWriter, object: Readonly<Record<string, unknown>>, depth: number): boolean {
  let separator = 0x7b;
  for (const name in object) {
    writeByte(writer, separator);
    separator = 0x2c;
    writeString(writer, name, 1);
    writer.buffer[writer.position++] = 0x3a;
    if (!writeSchemaless(writer, object[name], depth)) return false;
  }
  if (separator === 0x7b) writeByte(writer, 0x7b);
  writeByte(writer, 0x7d);
  return true;
}

/** Whether somebody gave all objects names that a loop over one of them meets. */
function inheritsNames(): boolean {
  for (const _ in {}) return true;
  return false;
}

function writeArray(writer: ByteWriter, array: readonly unknown[], depth: number): boolean {
  writeByte(writer, 0x5b);
  for (let index = 0; index < array.length; index++) {
    if (index > 0) writeByte(writer, 0x2c);
    if (!writeSchemaless(writer, array[index], depth)) return false;
  }
  writeByte(writer, 0x5d);
  return true;
}

function writeNumber(writer: ByteWriter, value: number): void {
  makeRoom(writer, longestFloat);
  const { buffer, position } = writer;
  const isInteger = Number.isSafeInteger(value) && (value !== 0 || 1 / value > 0);
  writer.position = isInteger ? writeInteger(buffer, position, value) : writeDouble(buffer, position, value);
}

function writeWord(writer: ByteWriter, word: string): void {
  makeRoom(writer, Math.max(word.length, longestInteger));
  writer.position = writeAscii(writer.buffer, writer.position, word);
}

function writeByte(writer: ByteWriter, byte: number): void {
  makeRoom(writer, 1);
  writer.buffer[writer.position++] = byte;
}

function makeRoom(writer: ByteWriter, bytes: number): void {
  if (writer.buffer.length - writer.position < bytes) writer.reserve(bytes);
}
