import { type ByteWriter, formatDouble, formatFloat } from '@millrace/api';
import { utf8Write } from '../raw-buffer.ts';
import { hasEscapes, jsonString } from './json-string.ts';

/** Room that the longest number of each kind takes. */
export const longestInteger = 20;
export const longestFloat = 26;
/** Room that a string takes per character, at most: an escape. */
export const longestCharacter = 6;
/** Up to here a string is written character by character; native code is faster from then on. */
export const shortString = 48;

const longView = new BigInt64Array(1);
const halves = new Int32Array(longView.buffer);
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const low = littleEndian ? 0 : 1;
const high = 1 - low;

/** Writes an integer of up to 53 bits; the room must be there. Gives the position behind it. */
export function writeInteger(buffer: Buffer, position: number, value: number): number {
  let at = position;
  let rest = value;
  if (rest < 0) {
    buffer[at++] = 0x2d;
    rest = -rest;
  }
  if (rest > 0x7fffffff) {
    const upper = Math.floor(rest / 1e9);
    at = writeInteger(buffer, at, upper);
    return writeNineDigits(buffer, at, rest - upper * 1e9);
  }
  return writeSmall(buffer, at, rest | 0);
}

/** Writes an integer of 64 bits; -1 when it has more. */
export function writeLong(buffer: Buffer, position: number, value: bigint): number {
  longView[0] = value;
  if (longView[0] !== value) return -1;
  const upper = halves[high] as number;
  if (upper < 0x200000 && upper >= -0x200000) {
    return writeInteger(buffer, position, upper * 0x1_0000_0000 + ((halves[low] as number) >>> 0));
  }
  return writeAscii(buffer, position, value.toString());
}

export function writeDouble(buffer: Buffer, position: number, value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e6) {
    const thousandths = Math.round(magnitude * 1000);
    if (thousandths / 1000 === magnitude) return writeThousandths(buffer, position, thousandths, value < 0);
  }
  return writeFloatText(buffer, position, formatDouble(value));
}

function writeThousandths(buffer: Buffer, position: number, thousandths: number, isNegative: boolean): number {
  let at = position;
  if (isNegative) buffer[at++] = 0x2d;
  const whole = (thousandths / 1000) | 0;
  at = writeSmall(buffer, at, whole);
  const rest = (thousandths - whole * 1000) | 0;
  const tenths = (rest / 100) | 0;
  const hundredths = ((rest / 10) | 0) - tenths * 10;
  const last = rest - tenths * 100 - hundredths * 10;
  buffer[at++] = 0x2e;
  buffer[at++] = 0x30 + tenths;
  if (hundredths !== 0 || last !== 0) buffer[at++] = 0x30 + hundredths;
  if (last !== 0) buffer[at++] = 0x30 + last;
  return at;
}

export function writeFloat(buffer: Buffer, position: number, value: number): number {
  return writeFloatText(buffer, position, formatFloat(value));
}

function writeFloatText(buffer: Buffer, position: number, text: string): number {
  const last = text.charCodeAt(text.length - 1);
  if (last >= 0x30 && last <= 0x39) return writeAscii(buffer, position, text);
  buffer[position] = 0x22;
  const at = writeAscii(buffer, position + 1, text);
  buffer[at] = 0x22;
  return at + 1;
}

export function writeAscii(buffer: Buffer, position: number, text: string): number {
  const { length } = text;
  for (let index = 0; index < length; index++) buffer[position + index] = text.charCodeAt(index);
  return position + length;
}

/** Writes a short string as JSON; the room for {@link longestCharacter} per character must be there. */
export function writeShortString(buffer: Buffer, position: number, text: string): number {
  let at = position;
  buffer[at++] = 0x22;
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f || code < 0x20 || code === 0x22 || code === 0x5c) {
      return position + utf8Write(buffer, jsonString(text), position);
    }
    buffer[at++] = code;
  }
  buffer[at++] = 0x22;
  return at;
}

/** Writes any string as JSON and makes the room for it, and for as much more as asked for. */
export function writeString(writer: ByteWriter, text: string, more: number): void {
  if (text.length <= shortString) {
    const need = text.length * longestCharacter + 2 + more;
    if (writer.buffer.length - writer.position < need) writer.reserve(need);
    writer.position = writeShortString(writer.buffer, writer.position, text);
    return;
  }
  if (hasEscapes(text)) {
    writeText(writer, jsonString(text), more);
    return;
  }
  writer.reserve(text.length * 3 + 2 + more);
  const { buffer } = writer;
  let at = writer.position;
  buffer[at++] = 0x22;
  at += utf8Write(buffer, text, at);
  buffer[at++] = 0x22;
  writer.position = at;
}

/** Writes a text without lone surrogates as UTF-8 and makes the room for it, and for as much more as asked for. */
export function writeText(writer: ByteWriter, text: string, more = 0): void {
  writer.reserve(text.length * 3 + more);
  writer.position += utf8Write(writer.buffer, text, writer.position);
}

/** Writes bytes and makes the room for them. */
export function writeBytes(writer: ByteWriter, bytes: Uint8Array): void {
  writer.reserve(bytes.length);
  writer.buffer.set(bytes, writer.position);
  writer.position += bytes.length;
}

function writeSmall(buffer: Buffer, position: number, value: number): number {
  const end = position + digitsOf(value);
  let at = end;
  let rest = value;
  do {
    const tenth = (rest / 10) | 0;
    buffer[--at] = 0x30 + rest - tenth * 10;
    rest = tenth;
  } while (rest !== 0);
  return end;
}

function digitsOf(value: number): number {
  if (value < 100_000) {
    if (value < 100) return value < 10 ? 1 : 2;
    return value < 1000 ? 3 : value < 10_000 ? 4 : 5;
  }
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7;
  return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;
}

function writeNineDigits(buffer: Buffer, position: number, value: number): number {
  let rest = value | 0;
  for (let at = position + 8; at >= position; at--) {
    const tenth = (rest / 10) | 0;
    buffer[at] = 0x30 + rest - tenth * 10;
    rest = tenth;
  }
  return position + 9;
}
