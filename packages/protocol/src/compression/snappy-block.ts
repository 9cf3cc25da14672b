import { copyBytes } from '../primitives/copy-bytes.ts';
import { writeUnsignedVarint } from '../primitives/varint.ts';
import { ProtocolError } from '../protocol-error.ts';
import { copyMatch } from './copy-match.ts';
import type { GrowingOutput } from './growing-output.ts';

const hashBits = 14;
/** Positions by hash, as one more than the distance from the start of the block. */
const positions = new Int32Array(1 << hashBits);
/** Matches are not looked for so near to the end that reading four bytes would leave the block. */
const inputMargin = 15;
/** Matches are found by at most this many bytes back, so that two bytes are enough for the distance. */
const maxDistance = 0xffff;

/** Most bytes that `compressSnappyBlock` can write. */
export function snappyBlockBound(length: number): number {
  return 32 + length + Math.floor(length / 6);
}

/** Compresses `source[start, end)` as one raw Snappy block into `target` and returns the position behind it. */
export function compressSnappyBlock(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  position: number,
): number {
  let out = writeUnsignedVarint(target, position, end - start);
  let anchor = start;
  if (end - start > inputMargin) {
    positions.fill(0);
    const table = positions;
    const base = start - 1;
    const lastStart = end - inputMargin;
    let at = start;
    let misses = 0;
    while (at <= lastStart) {
      const word = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
      const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
      const candidate = table[slot]! + base;
      table[slot] = at - base;
      if (
        candidate === base ||
        at - candidate > maxDistance ||
        source[candidate] !== (word & 255) ||
        source[candidate + 1] !== ((word >>> 8) & 255) ||
        source[candidate + 2] !== ((word >>> 16) & 255) ||
        source[candidate + 3] !== word >>> 24
      ) {
        at += 1 + (misses++ >>> 5);
        continue;
      }
      misses = 0;
      if (at > anchor) out = writeLiterals(source, anchor, at, target, out);
      let matched = at + 4;
      let from = candidate + 4;
      while (matched < end && source[matched] === source[from]) {
        matched++;
        from++;
      }
      out = writeCopy(target, out, at - candidate, matched - at);
      at = matched;
      anchor = matched;
      if (at <= lastStart) {
        const near = at - 1;
        const hashed = source[near]! | (source[near + 1]! << 8) | (source[near + 2]! << 16) | (source[near + 3]! << 24);
        table[Math.imul(hashed, 0x1e35a7bd) >>> (32 - hashBits)] = near - base;
      }
    }
  }
  return anchor < end ? writeLiterals(source, anchor, end, target, out) : out;
}

/** Decompresses one raw block behind what `output` holds. */
export function decompressSnappyBlock(source: Uint8Array, start: number, end: number, output: GrowingOutput): void {
  let at = start;
  let announced = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) throw malformed('no length');
    const byte = source[at++]!;
    announced += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const earliest = output.position;
  // Three bytes expand to 64 at most.
  if (announced > (end - at) * 22 + 64) throw malformed(`${announced} bytes announced in ${end - at}`);
  output.reserve(announced);
  const { buffer } = output;
  const limit = earliest + announced;
  let out = earliest;
  while (at < end) {
    const tag = source[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = tag >>> 2;
      if (length >= 60) {
        const bytes = length - 59;
        if (bytes > end - at) throw malformed(`a literal cut off at ${at}`);
        length = 0;
        for (let index = bytes - 1; index >= 0; index--) length = length * 256 + source[at + index]!;
        at += bytes;
      }
      length++;
      if (length > end - at || length > limit - out) throw malformed(`${length} literals at ${at}`);
      out = copyBytes(source, at, buffer, out, length);
      at += length;
      continue;
    }
    let length: number;
    let distance: number;
    if (kind === 1) {
      if (at >= end) throw malformed(`a copy cut off at ${at}`);
      length = ((tag >>> 2) & 7) + 4;
      distance = ((tag >>> 5) << 8) | source[at++]!;
    } else {
      length = (tag >>> 2) + 1;
      if (end - at < (kind === 2 ? 2 : 4)) throw malformed(`a copy cut off at ${at}`);
      distance = source[at]! | (source[at + 1]! << 8);
      at += 2;
      if (kind === 3) {
        distance += (source[at]! | (source[at + 1]! << 8)) * 65_536;
        at += 2;
      }
    }
    if (distance === 0 || distance > out - earliest || length > limit - out) {
      throw malformed(`a copy of ${length} bytes from ${distance} back at ${at}`);
    }
    out = copyMatch(buffer, out, distance, length);
  }
  if (out !== limit) throw malformed(`${out - earliest} bytes where ${announced} are announced`);
  output.position = out;
}

function writeLiterals(source: Uint8Array, start: number, end: number, target: Uint8Array, position: number): number {
  const length = end - start;
  const last = length - 1;
  let out = position;
  if (last < 60) {
    target[out++] = last << 2;
  } else if (last < 0x100) {
    target[out++] = 60 << 2;
    target[out++] = last;
  } else {
    target[out++] = 61 << 2;
    target[out++] = last & 255;
    target[out++] = last >>> 8;
  }
  return copyBytes(source, start, target, out, length);
}

function writeCopy(target: Uint8Array, position: number, distance: number, length: number): number {
  let out = position;
  let rest = length;
  // A last copy of fewer than four bytes could not use the short form: 60 leaves enough for it.
  while (rest >= 68) {
    out = writeLongCopy(target, out, distance, 64);
    rest -= 64;
  }
  if (rest > 64) {
    out = writeLongCopy(target, out, distance, 60);
    rest -= 60;
  }
  if (rest < 12 && distance < 2048) {
    target[out++] = ((distance >>> 8) << 5) | ((rest - 4) << 2) | 1;
    target[out++] = distance & 255;
    return out;
  }
  return writeLongCopy(target, out, distance, rest);
}

function writeLongCopy(target: Uint8Array, position: number, distance: number, length: number): number {
  target[position] = ((length - 1) << 2) | 2;
  target[position + 1] = distance & 255;
  target[position + 2] = distance >>> 8;
  return position + 3;
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('MALFORMED', `the Snappy block has ${what}`);
}
