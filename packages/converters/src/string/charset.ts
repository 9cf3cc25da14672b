import type { ByteWriter } from '@millrace/api';
import { latin1Slice, latin1Write, utf8Slice, utf8Write } from '../raw-buffer.ts';

/** An encoding of texts; as in Java, what it cannot hold is replaced and never an error. */
export interface Charset {
  write(writer: ByteWriter, text: string): void;
  read(bytes: Uint8Array, start: number, end: number): string;
}

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'utf-8': ['utf8', 'unicode-1-1-utf-8'],
    'iso-8859-1': [
      'iso8859_1',
      'latin1',
      'l1',
      'ibm819',
      'cp819',
      '819',
      'iso_8859-1',
      'iso8859-1',
      'iso_8859_1',
      '8859_1',
      'iso-ir-100',
      'csisolatin1',
      'ibm-819',
    ],
    'us-ascii': [
      'ascii',
      'ascii7',
      '646',
      'iso646-us',
      'iso_646.irv:1991',
      'iso_646.irv:1983',
      'ansi_x3.4-1968',
      'ansi_x3.4-1986',
      'cp367',
      'ibm367',
      'us',
      'csascii',
      'default',
      'iso-ir-6',
    ],
    'utf-16': ['utf_16', 'utf16', 'unicode', 'unicodebig'],
    'utf-16be': ['utf_16be', 'x-utf-16be', 'iso-10646-ucs-2', 'unicodebigunmarked'],
    'utf-16le': ['utf_16le', 'x-utf-16le', 'unicodelittleunmarked'],
  }).flatMap(([name, aliases]) => [name, ...aliases].map((alias) => [alias, name] as const)),
);

/** The encoding of that name, as Java knows it; `undefined` for one that is not known here. */
export function findCharset(name: string): Charset | undefined {
  switch (names.get(name.toLowerCase())) {
    case 'utf-8':
      return utf8;
    case 'iso-8859-1':
      return latin1;
    case 'us-ascii':
      return ascii;
    case 'utf-16':
      return utf16('be', true);
    case 'utf-16be':
      return utf16('be', false);
    case 'utf-16le':
      return utf16('le', false);
    default:
      return undefined;
  }
}

/** The encodings that {@link findCharset} knows, without their other names. */
export const charsetNames: readonly string[] = ['UTF-8', 'ISO-8859-1', 'US-ASCII', 'UTF-16', 'UTF-16BE', 'UTF-16LE'];

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** A pair counts as one character. */
const beyondLatin1 = /[\ud800-\udbff][\udc00-\udfff]|[\u0100-\uffff]/g;
const beyondAscii = /[\ud800-\udbff][\udc00-\udfff]|[\u0080-\uffff]/g;
const highBytes = /[\u0080-\u00ff]/g;

export const utf8: Charset = {
  write(writer, text) {
    writer.reserve(text.length * 3);
    const written = utf8Write(writer.buffer, text, writer.position);
    // As many bytes as characters is ASCII; beyond it there may be lone surrogates.
    if (written === text.length || text.isWellFormed()) writer.position += written;
    else writer.position += utf8Write(writer.buffer, text.replace(loneSurrogate, '?'), writer.position);
  },
  read: utf8Slice,
};

const latin1: Charset = {
  write(writer, text) {
    writer.reserve(text.length);
    writer.position += latin1Write(writer.buffer, text.replace(beyondLatin1, '?'), writer.position);
  },
  read: latin1Slice,
};

const ascii: Charset = {
  write(writer, text) {
    writer.reserve(text.length);
    writer.position += latin1Write(writer.buffer, text.replace(beyondAscii, '?'), writer.position);
  },
  read: (bytes, start, end) => latin1Slice(bytes, start, end).replace(highBytes, '\ufffd'),
};

function utf16(order: 'be' | 'le', hasMark: boolean): Charset {
  const replacement = '\ufffd';
  return {
    write(writer, text) {
      if (text === '') return;
      const wellFormed = (hasMark ? '\ufeff' : '') + text.replace(loneSurrogate, replacement);
      const bytes = Buffer.from(wellFormed, 'utf16le');
      if (order === 'be') bytes.swap16();
      writer.reserve(bytes.length);
      writer.buffer.set(bytes, writer.position);
      writer.position += bytes.length;
    },
    read(bytes, start, end) {
      const first = bytes[start];
      const second = bytes[start + 1];
      const isMarked = hasMark && end - start >= 2;
      if (isMarked && first === 0xfe && second === 0xff) return decodeUtf16(bytes.subarray(start + 2, end), 'be');
      if (isMarked && first === 0xff && second === 0xfe) return decodeUtf16(bytes.subarray(start + 2, end), 'le');
      return decodeUtf16(bytes.subarray(start, end), order);
    },
  };
}

function decodeUtf16(bytes: Uint8Array, order: 'be' | 'le'): string {
  return new TextDecoder(order === 'be' ? 'utf-16be' : 'utf-16le', { ignoreBOM: true }).decode(bytes);
}
