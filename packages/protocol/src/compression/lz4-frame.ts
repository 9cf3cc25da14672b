import { copyBytes } from '../primitives/copy-bytes.ts';
import { ProtocolError } from '../protocol-error.ts';
import { GrowingOutput } from './growing-output.ts';
import { compressLz4Block, decompressLz4Block, lz4BlockBound } from './lz4-block.ts';
import { xxhash32 } from './xxhash32.ts';

const frameMagic = 0x184d2204;
/** Skippable frames have these magic numbers but for the last four bits. */
const skippableMagic = 0x184d2a50;
const blockBytes = 65_536;
const uncompressedBlock = 0x80000000;

const flag = { dictionary: 0x01, contentChecksum: 0x04, contentSize: 0x08, blockChecksum: 0x10, independent: 0x20 };

/** Compresses what follows the first `header` bytes to a frame as Java clients write it: blocks of 64 KiB that stand alone. */
export function compressLz4Frame(bytes: Buffer, header: number): Buffer {
  const blocks = Math.ceil((bytes.length - header) / blockBytes);
  const target = Buffer.allocUnsafeSlow(header + 11 + blocks * (4 + lz4BlockBound(blockBytes)));
  target.writeUInt32LE(frameMagic, header);
  target[header + 4] = 0x40 | flag.independent;
  target[header + 5] = 4 << 4;
  target[header + 6] = (xxhash32(target, header + 4, header + 6) >>> 8) & 255;
  let out = header + 7;
  for (let start = header; start < bytes.length; start += blockBytes) {
    const end = Math.min(start + blockBytes, bytes.length);
    const compressedEnd = compressLz4Block(bytes, start, end, target, out + 4);
    const size = compressedEnd - out - 4;
    if (size < end - start) {
      target.writeUInt32LE(size, out);
      out = compressedEnd;
    } else {
      target.writeUInt32LE(((end - start) | uncompressedBlock) >>> 0, out);
      out = copyBytes(bytes, start, target, out + 4, end - start);
    }
  }
  out = target.writeUInt32LE(0, out);
  return target.subarray(0, out);
}

/** Reads all frames in `bytes[start, end)`, with linked blocks and checksums where they have them. */
export function decompressLz4Frame(bytes: Buffer, start: number, end: number, limit: number): Buffer {
  const output = new GrowingOutput('lz4', Math.max(1024, (end - start) * 4), limit);
  let at = start;
  while (at < end) {
    need(at, 8, end);
    const magic = bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === skippableMagic) {
      const size = bytes.readUInt32LE(at + 4);
      need(at + 8, size, end);
      at += 8 + size;
    } else {
      at = readFrame(bytes, at, end, output);
    }
  }
  return output.finish();
}

function readFrame(bytes: Buffer, start: number, end: number, output: GrowingOutput): number {
  need(start, 7, end);
  if (bytes.readUInt32LE(start) !== frameMagic) throw malformed(`no magic number at ${start}`);
  const flags = bytes[start + 4]!;
  if (flags >>> 6 !== 1) throw malformed(`version ${flags >>> 6} instead of 1`);
  if ((flags & flag.dictionary) !== 0) throw new ProtocolError('UNSUPPORTED', 'an LZ4 frame that needs a dictionary');
  const maxBlockBytes = 1 << (((bytes[start + 5]! >>> 4) & 7) * 2 + 8);
  if (maxBlockBytes < blockBytes) throw malformed('an unknown block size');
  const descriptorEnd = start + 6 + ((flags & flag.contentSize) !== 0 ? 8 : 0);
  need(descriptorEnd, 1, end);
  if (bytes[descriptorEnd] !== ((xxhash32(bytes, start + 4, descriptorEnd) >>> 8) & 255)) {
    throw malformed('a wrong header checksum');
  }
  const frameStart = output.position;
  let at = descriptorEnd + 1;
  for (;;) {
    need(at, 4, end);
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fffffff;
    if (size > maxBlockBytes) throw malformed(`a block of ${size} bytes, more than the frame allows`);
    need(at, size, end);
    const blockStart = output.position;
    if (word >= uncompressedBlock) {
      output.reserve(size);
      output.position = copyBytes(bytes, at, output.buffer, output.position, size);
    } else {
      decompressLz4Block(bytes, at, at + size, output, (flags & flag.independent) !== 0 ? blockStart : frameStart);
    }
    at += size;
    if ((flags & flag.blockChecksum) !== 0) {
      need(at, 4, end);
      if (bytes.readUInt32LE(at) !== xxhash32(bytes, at - size, at)) throw malformed(`a wrong block checksum at ${at}`);
      at += 4;
    }
  }
  if ((flags & flag.contentChecksum) !== 0) {
    need(at, 4, end);
    if (bytes.readUInt32LE(at) !== xxhash32(output.buffer, frameStart, output.position)) {
      throw malformed('a wrong content checksum');
    }
    at += 4;
  }
  return at;
}

function need(at: number, count: number, end: number): void {
  if (count > end - at) throw malformed(`${end - at} bytes at ${at} where ${count} belong`);
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('MALFORMED', `the LZ4 frame has ${what}`);
}
