import { gunzipSync, gzipSync, constants as zlibConstants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ProtocolError } from '../protocol-error.ts';
import { compressLz4Frame, decompressLz4Frame } from './lz4-frame.ts';
import { compressXerial, decompressXerial } from './xerial-snappy.ts';

export type CompressionCodec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** As in the attributes of a record batch. */
export const compressionIds = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

const codecs: readonly CompressionCodec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export function codecOf(id: number): CompressionCodec {
  const codec = codecs[id];
  if (codec === undefined) throw new ProtocolError('UNSUPPORTED', `compression ${id} is not known`);
  return codec;
}

/**
 * Compresses what follows the first `header` bytes. The result has the same room in front, for the header of the batch.
 */
export function compress(
  codec: Exclude<CompressionCodec, 'none'>,
  bytes: Buffer,
  header: number,
  level?: number,
): Buffer {
  switch (codec) {
    case 'gzip':
      return behindHeader(gzipSync(bytes.subarray(header), level === undefined ? {} : { level }), header);
    case 'zstd':
      return behindHeader(
        zstdCompressSync(
          bytes.subarray(header),
          level === undefined ? {} : { params: { [zlibConstants.ZSTD_c_compressionLevel]: level } },
        ),
        header,
      );
    case 'snappy':
      return compressXerial(bytes, header);
    case 'lz4':
      return compressLz4Frame(bytes, header);
  }
}

/** Decompresses `bytes[start, end)`; more than `limit` bytes are refused before they are made. */
export function decompress(
  codec: Exclude<CompressionCodec, 'none'>,
  bytes: Buffer,
  start: number,
  end: number,
  limit: number,
): Buffer {
  switch (codec) {
    case 'gzip':
      return inflated(codec, limit, () => gunzipSync(bytes.subarray(start, end), { maxOutputLength: limit }));
    case 'zstd':
      return inflated(codec, limit, () => decompressZstd(bytes.subarray(start, end), limit));
    case 'snappy':
      return decompressXerial(bytes, start, end, limit);
    case 'lz4':
      return decompressLz4Frame(bytes, start, end, limit);
  }
}

/** Node stops after the first frame; Java's readers go on to the next. */
function decompressZstd(bytes: Buffer, limit: number): Buffer {
  const first = decompressZstdFrame(bytes, limit);
  if (first.consumed === bytes.length) return first.buffer;
  const frames = [first.buffer];
  let consumed = first.consumed;
  let length = first.buffer.length;
  while (consumed < bytes.length) {
    const frame = decompressZstdFrame(bytes.subarray(consumed), Math.max(1, limit - length));
    frames.push(frame.buffer);
    consumed += frame.consumed;
    length += frame.buffer.length;
  }
  if (length > limit) throw new ProtocolError('TOO_LARGE', `zstd data decompresses to more than ${limit} bytes`);
  return Buffer.concat(frames, length);
}

function decompressZstdFrame(bytes: Buffer, limit: number): { readonly buffer: Buffer; readonly consumed: number } {
  const result = zstdDecompressSync(bytes, { maxOutputLength: limit, info: true }) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  return { buffer: result.buffer, consumed: result.engine.bytesWritten };
}

function inflated(codec: CompressionCodec, limit: number, run: () => Buffer): Buffer {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ProtocolError('TOO_LARGE', `${codec} data decompresses to more than ${limit} bytes`, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProtocolError('MALFORMED', `${codec} data cannot be decompressed: ${reason}`, { cause: error });
  }
}

function behindHeader(compressed: Buffer, header: number): Buffer {
  const result = Buffer.allocUnsafeSlow(header + compressed.length);
  compressed.copy(result, header);
  return result;
}
