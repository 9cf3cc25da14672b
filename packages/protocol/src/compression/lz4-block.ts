import { copyBytes } from '../primitives/copy-bytes.ts';
import { ProtocolError } from '../protocol-error.ts';
import { copyMatch } from './copy-match.ts';
import type { GrowingOutput } from './growing-output.ts';

const minMatch = 4;
/** The format wants the last five bytes to be literals, and no match to start within the last twelve. */
const lastLiterals = 5;
const matchStartLimit = 12;
const hashBits = 14;
const maxDistance = 0xffff;

/** Positions by hash, as one more than the distance from the start of the block; kept from block to block. */
const positions = new Int32Array(1 << hashBits);

/** Most bytes that `compressLz4Block` can write. */
export function lz4BlockBound(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}

/**
 * Compresses `source[start, end)` as one LZ4 block into `target` and returns the position behind it. The table of
 * positions is cleared, so a block never refers to what is in front of it.
 */
export function compressLz4Block(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  position: number,
): number {
  let out = position;
  let anchor = start;
  if (end - start > matchStartLimit) {
    positions.fill(0);
    const table = positions;
    const base = start - 1;
    const lastStart = end - matchStartLimit;
    const matchEnd = end - lastLiterals;
    let at = start;
    let misses = 0;
    while (at <= lastStart) {
      const word = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
      const slot = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
      let candidate = table[slot]! + base;
      table[slot] = at - base;
      if (
        candidate === base ||
        at - candidate > maxDistance ||
        source[candidate] !== (word & 255) ||
        source[candidate + 1] !== ((word >>> 8) & 255) ||
        source[candidate + 2] !== ((word >>> 16) & 255) ||
        source[candidate + 3] !== word >>> 24
      ) {
        at += 1 + (misses++ >>> 6);
        continue;
      }
      misses = 0;
      while (at > anchor && candidate > start && source[at - 1] === source[candidate - 1]) {
        at--;
        candidate--;
      }
      const distance = at - candidate;
      let matched = at + minMatch;
      let from = candidate + minMatch;
      while (matched < matchEnd && source[matched] === source[from]) {
        matched++;
        from++;
      }
      const literals = at - anchor;
      const extra = matched - at - minMatch;
      target[out++] = (Math.min(literals, 15) << 4) | Math.min(extra, 15);
      if (literals >= 15) out = writeLength(target, out, literals - 15);
      out = copyBytes(source, anchor, target, out, literals);
      target[out++] = distance & 255;
      target[out++] = distance >>> 8;
      if (extra >= 15) out = writeLength(target, out, extra - 15);
      at = matched;
      anchor = matched;
      if (at <= lastStart) {
        const near = at - 2;
        const hashed = source[near]! | (source[near + 1]! << 8) | (source[near + 2]! << 16) | (source[near + 3]! << 24);
        table[Math.imul(hashed, 0x9e3779b1) >>> (32 - hashBits)] = near - base;
      }
    }
  }
  const literals = end - anchor;
  target[out++] = Math.min(literals, 15) << 4;
  if (literals >= 15) out = writeLength(target, out, literals - 15);
  return copyBytes(source, anchor, target, out, literals);
}

/** Decompresses one block behind what `output` holds; matches may refer back as far as `earliest`. */
export function decompressLz4Block(
  source: Uint8Array,
  start: number,
  end: number,
  output: GrowingOutput,
  earliest: number,
): void {
  let at = start;
  let { buffer, position: out } = output;
  const room = (bytes: number) => {
    output.position = out;
    output.reserve(bytes);
    buffer = output.buffer;
  };
  while (at < end) {
    const token = source[at++]!;
    let literals = token >>> 4;
    if (literals === 15) {
      let byte = 255;
      while (byte === 255 && at < end) {
        byte = source[at++]!;
        literals += byte;
      }
    }
    if (literals > end - at) throw malformed(`${literals} literals at ${at}, but ${end - at} bytes are left`);
    if (literals > buffer.length - out) room(literals);
    out = copyBytes(source, at, buffer, out, literals);
    at += literals;
    if (at === end) break;
    if (end - at < 2) throw malformed(`no distance at ${at}`);
    const distance = source[at]! | (source[at + 1]! << 8);
    at += 2;
    let length = (token & 15) + minMatch;
    if (length === 15 + minMatch) {
      let byte = 255;
      while (byte === 255 && at < end) {
        byte = source[at++]!;
        length += byte;
      }
    }
    if (distance === 0 || distance > out - earliest) {
      throw malformed(`a match ${distance} bytes back at ${at}, where ${out - earliest} are there`);
    }
    if (length > buffer.length - out) room(length);
    out = copyMatch(buffer, out, distance, length);
  }
  output.position = out;
}

function writeLength(target: Uint8Array, position: number, length: number): number {
  let rest = length;
  let out = position;
  for (; rest >= 255; rest -= 255) target[out++] = 255;
  target[out++] = rest;
  return out;
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('MALFORMED', `the LZ4 block has ${what}`);
}
