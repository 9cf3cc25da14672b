import { isUtf8 } from 'node:buffer';
import { parseJavaFloat } from '@millrace/java';
import { latin1Slice, utf8Slice } from '../raw-buffer.ts';

/**
 * What compiled decoders share while they read one value. `position` is -1 when the bytes are not as expected; then the
 * plain decoder has the word.
 */
export interface Cursor {
  bytes: Uint8Array;
  /** Where the value ends at the latest; `bytes` may go on. */
  end: number;
  position: number;
  /** The next bytes from `textStart` on, one character each, made when the first string is read and cut out of it. */
  text: string | undefined;
  textStart: number;
}

/** One long text is made faster than many short ones, but each of those keeps all of it in memory. */
const longestSharedText = 2048;
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const longView = new BigInt64Array(1);
const halves = new Int32Array(longView.buffer);
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const low = littleEndian ? 0 : 1;
const high = 1 - low;

export function createCursor(): Cursor {
  return { bytes: Buffer.alloc(0), end: 0, position: 0, text: undefined, textStart: 0 };
}

/** An integer of up to 15 digits, written without fraction and exponent; anything else is not as expected. */
function readInteger(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let at = cursor.position;
  const isNegative = at < end && bytes[at] === 0x2d;
  if (isNegative) at++;
  const start = at;
  const stop = Math.min(start + 15, end);
  let value = 0;
  while (at < stop) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  cursor.position = at === start || !endsNumber(bytes, at, end) ? -1 : at;
  return isNegative ? 0 - value : value;
}

/** As {@link readInteger}, for all that fits into 64 bits. */
export function readLong(cursor: Cursor): bigint {
  const start = cursor.position;
  const value = readInteger(cursor);
  if (cursor.position < 0) return readLongText(cursor, start);
  const upper = Math.floor(value / 0x1_0000_0000);
  halves[low] = value - upper * 0x1_0000_0000;
  halves[high] = upper;
  return longView[0] as bigint;
}

function readLongText(cursor: Cursor, start: number): bigint {
  const { bytes, end } = cursor;
  let at = start;
  if (bytes[at] === 0x2d) at++;
  const first = at;
  while (at < end && isDigit(bytes[at] as number)) at++;
  if (at - first < 16 || at - first > 19 || !endsNumber(bytes, at, end)) return 0n;
  const value = BigInt(latin1Slice(bytes, start, at));
  if (BigInt.asIntN(64, value) === value) cursor.position = at;
  return value;
}

/** A number as the nearest double: exact at once when its digits are few, by its text otherwise. */
export function readDouble(cursor: Cursor): number {
  const { bytes, end } = cursor;
  const start = cursor.position;
  let at = start;
  const isNegative = at < end && bytes[at] === 0x2d;
  if (isNegative) at++;
  const first = at;
  let value = 0;
  let fraction = 0;
  while (at < end) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  let digits = at - first;
  if (digits === 0) return fail(cursor, 0);
  if (at < end && bytes[at] === 0x2e) {
    const point = at++;
    while (at < end) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    fraction = at - point - 1;
    if (fraction === 0) return fail(cursor, 0);
    digits += fraction;
  }
  if (digits > 15 || !endsNumber(bytes, at, end)) return readLongDouble(cursor, start, at);
  cursor.position = at;
  if (fraction > 0) value /= powersOfTen[fraction] as number;
  return isNegative ? 0 - value : value;
}

const longestNumber = 1000;

/** From `at` on there is nothing or an exponent, else this is no number. */
function readLongDouble(cursor: Cursor, start: number, at: number): number {
  const { bytes, end } = cursor;
  let behind = at;
  if (behind < end && ((bytes[behind] as number) | 0x20) === 0x65) {
    behind++;
    if (bytes[behind] === 0x2b || bytes[behind] === 0x2d) behind++;
    const exponent = behind;
    while (behind < end && isDigit(bytes[behind] as number)) behind++;
    if (behind === exponent) return fail(cursor, 0);
  }
  if (behind - start > longestNumber || !endsNumber(bytes, behind, end)) return fail(cursor, 0);
  cursor.position = behind;
  return Number(cut(cursor, start, behind)) + 0;
}

export function readFloat(cursor: Cursor): number {
  const start = cursor.position;
  const value = readDouble(cursor);
  const float = Math.fround(value);
  const other = 2 * value - float;
  // Right between two floats, the double may have been rounded itself.
  if (cursor.position < 0 || float === value || Math.fround(other) !== other) return float;
  return parseJavaFloat(latin1Slice(cursor.bytes, start, cursor.position)) + 0;
}

/** A string; one with escapes goes through `JSON.parse`. */
export function readString(cursor: Cursor): string {
  const { bytes, end } = cursor;
  const start = cursor.position + 1;
  if (start > end || bytes[start - 1] !== 0x22) return fail(cursor, '');
  let at = start;
  let isAscii = true;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x22) break;
    if (byte >= 0x80) isAscii = false;
    else if (byte === 0x5c) return readEscapedString(cursor, start, at);
    else if (byte < 0x20) return fail(cursor, '');
  }
  if (at >= end) return fail(cursor, '');
  cursor.position = at + 1;
  return isAscii ? cut(cursor, start, at) : readUtf8(cursor, start, at);
}

function readEscapedString(cursor: Cursor, start: number, backslash: number): string {
  const { bytes, end } = cursor;
  let at = backslash;
  while (at < end && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  if (at >= end) return fail(cursor, '');
  cursor.position = at + 1;
  const quoted = readUtf8(cursor, start - 1, at + 1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return fail(cursor, '');
  }
}

function readUtf8(cursor: Cursor, start: number, end: number): string {
  const text = utf8Slice(cursor.bytes, start, end);
  return text.includes('\ufffd') && !isUtf8(cursor.bytes.subarray(start, end)) ? fail(cursor, '') : text;
}

function cut(cursor: Cursor, start: number, end: number): string {
  const { text } = cursor;
  if (text !== undefined && end <= cursor.textStart + text.length) {
    return text.substring(start - cursor.textStart, end - cursor.textStart);
  }
  if (end - start > longestSharedText) return latin1Slice(cursor.bytes, start, end);
  const shared = latin1Slice(cursor.bytes, start, Math.min(cursor.end, start + longestSharedText));
  cursor.text = shared;
  cursor.textStart = start;
  return shared.substring(0, end - start);
}

export function readInt8(cursor: Cursor): number {
  return inRange(cursor, readInteger(cursor), 0x7f);
}

export function readInt16(cursor: Cursor): number {
  return inRange(cursor, readInteger(cursor), 0x7fff);
}

export function readInt32(cursor: Cursor): number {
  return inRange(cursor, readInteger(cursor), 0x7fffffff);
}

function inRange(cursor: Cursor, value: number, largest: number): number {
  return value > largest || value < -largest - 1 ? fail(cursor, 0) : value;
}

export function readBoolean(cursor: Cursor): boolean {
  const { bytes, position } = cursor;
  if (bytes[position] === 0x74) {
    const isTrue = bytes[position + 1] === 0x72 && bytes[position + 2] === 0x75 && bytes[position + 3] === 0x65;
    endWord(cursor, isTrue, position + 4);
    return true;
  }
  const isFalse =
    bytes[position] === 0x66 &&
    bytes[position + 1] === 0x61 &&
    bytes[position + 2] === 0x6c &&
    bytes[position + 3] === 0x73 &&
    bytes[position + 4] === 0x65;
  endWord(cursor, isFalse, position + 5);
  return false;
}

/** Call it where a value begins with `n`. */
export function skipNull(cursor: Cursor): void {
  const { bytes, position } = cursor;
  const isNull = bytes[position + 1] === 0x75 && bytes[position + 2] === 0x6c && bytes[position + 3] === 0x6c;
  endWord(cursor, isNull, position + 4);
}

function endWord(cursor: Cursor, isWord: boolean, position: number): void {
  cursor.position = isWord && endsNumber(cursor.bytes, position, cursor.end) ? position : -1;
}

/** Milliseconds that a Date can hold. */
export function readTimestamp(cursor: Cursor): Date {
  return new Date(readInteger(cursor));
}

/** The text of a number, for those who read it themselves. */
export function readNumberText(cursor: Cursor): string {
  const start = cursor.position;
  readDouble(cursor);
  return cursor.position < 0 ? '' : latin1Slice(cursor.bytes, start, cursor.position);
}

/** Moves behind that byte if it is the next one. */
export function take(cursor: Cursor, byte: number): boolean {
  if (cursor.position >= cursor.end || cursor.bytes[cursor.position] !== byte) return false;
  cursor.position++;
  return true;
}

function fail<T>(cursor: Cursor, value: T): T {
  cursor.position = -1;
  return value;
}

function endsNumber(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return true;
  const byte = bytes[at];
  return (
    byte === 0x2c || byte === 0x7d || byte === 0x5d || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
  );
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
