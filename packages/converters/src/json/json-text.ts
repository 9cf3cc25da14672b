import { isUtf8 } from 'node:buffer';
import { DataError } from '@millrace/api';
import { utf8Slice } from '../raw-buffer.ts';

/**
 * The text of JSON bytes: UTF-8, or UTF-16 or UTF-32 when a byte order mark or the zeros of the first four bytes say so.
 *
 * @throws DataError when the bytes are no text of that encoding; nothing is replaced silently.
 */
export function jsonText(bytes: Uint8Array, start: number, end: number): string {
  const first = bytes[start];
  if (
    end - start >= 2 &&
    (first === 0 || first === 0xef || first === 0xfe || first === 0xff || bytes[start + 1] === 0)
  ) {
    return otherEncoding(bytes.subarray(start, end));
  }
  const text = utf8Slice(bytes, start, end);
  // Rare, and cheap to look for: a text of one byte per character cannot hold it.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) throw notText('UTF-8');
  return text;
}

function otherEncoding(bytes: Uint8Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  if (bytes.length >= 4) {
    if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return utf32(bytes.subarray(4), false);
    if (a === 0xff && b === 0xfe && c === 0 && d === 0) return utf32(bytes.subarray(4), true);
  }
  if (a === 0xef && b === 0xbb && c === 0xbf) return decode(bytes.subarray(3), 'utf-8');
  if (a === 0xfe && b === 0xff) return decode(bytes.subarray(2), 'utf-16be');
  if (a === 0xff && b === 0xfe) return decode(bytes.subarray(2), 'utf-16le');
  if (bytes.length >= 4) {
    if (a === 0 && b === 0 && c === 0) return utf32(bytes, false);
    if (b === 0 && c === 0 && d === 0) return utf32(bytes, true);
  }
  if (a === 0) return decode(bytes, 'utf-16be');
  return decode(bytes, b === 0 ? 'utf-16le' : 'utf-8');
}

function decode(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notText(encoding.toUpperCase());
  }
}

function utf32(bytes: Uint8Array, littleEndian: boolean): string {
  if (bytes.length % 4 !== 0) throw notText('UTF-32');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const characters: string[] = [];
  for (let position = 0; position < bytes.length; position += 4) {
    const code = view.getUint32(position, littleEndian);
    if (code > 0x10ffff) throw notText('UTF-32');
    characters.push(String.fromCodePoint(code));
  }
  return characters.join('');
}

function notText(encoding: string): DataError {
  return new DataError(`Not valid JSON: the bytes are no ${encoding} text.`);
}
