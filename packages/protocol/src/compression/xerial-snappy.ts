import { ProtocolError } from '../protocol-error.ts';
import { GrowingOutput } from './growing-output.ts';
import { compressSnappyBlock, decompressSnappyBlock, snappyBlockBound } from './snappy-block.ts';

/** What the Java library xerial puts in front: its name, then its version and the oldest version that can read it. */
const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const version = 1;
const headerBytes = 16;
/** As Java clients do. */
const blockBytes = 32_768;

/** Compresses what follows the first `header` bytes to blocks in xerial's framing, which all Kafka clients read. */
export function compressXerial(bytes: Buffer, header: number): Buffer {
  const blocks = Math.ceil((bytes.length - header) / blockBytes);
  const target = Buffer.allocUnsafeSlow(header + headerBytes + blocks * (4 + snappyBlockBound(blockBytes)));
  magic.copy(target, header);
  target.writeInt32BE(version, header + 8);
  target.writeInt32BE(version, header + 12);
  let out = header + headerBytes;
  for (let start = header; start < bytes.length; start += blockBytes) {
    const end = compressSnappyBlock(bytes, start, Math.min(start + blockBytes, bytes.length), target, out + 4);
    target.writeInt32BE(end - out - 4, out);
    out = end;
  }
  return target.subarray(0, out);
}

/** Reads xerial's framing, or one raw block where there is none. */
export function decompressXerial(bytes: Buffer, start: number, end: number, limit: number): Buffer {
  const output = new GrowingOutput('snappy', Math.max(1024, (end - start) * 3), limit);
  if (end - start < headerBytes || magic.compare(bytes, start, start + magic.length) !== 0) {
    decompressSnappyBlock(bytes, start, end, output);
    return output.finish();
  }
  const needed = bytes.readInt32BE(start + 12);
  if (needed > version) throw new ProtocolError('UNSUPPORTED', `Snappy framing of version ${needed}`);
  let at = start + headerBytes;
  while (at < end) {
    const size = end - at >= 4 ? bytes.readInt32BE(at) : -1;
    if (size < 0 || size > end - at - 4) throw new ProtocolError('MALFORMED', `the Snappy framing is cut off at ${at}`);
    decompressSnappyBlock(bytes, at + 4, at + 4 + size, output);
    at += 4 + size;
  }
  return output.finish();
}
