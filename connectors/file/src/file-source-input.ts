import { createHash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { constants, createGunzip, type Gunzip, gunzipSync } from 'node:zlib';
import { DataError } from '@millrace/api';
import { identityOf } from './file-source-identity.ts';
import { cannotRead } from './file-source-scan.ts';

/** The bytes of an open file, decompressed. */
export interface FileInput {
  /** What `identityOf` says of the file. */
  readonly inode: string;
  /**
   * The next bytes, valid until the next call; `undefined` when there are none now.
   *
   * @throws DataError where a compressed file is corrupt.
   */
  read(): Promise<Buffer | undefined>;
  /** Bytes of the file itself that have been read, before decompression. */
  readonly consumed: number;
  /** Whether no more can follow: the end of a compressed file. */
  readonly ended: boolean;
  /** The first bytes of the file, decompressed: as many as there are, up to `length`. */
  head(length: number): Promise<Buffer>;
  /** Goes on with what follows the first `position` bytes of the decompressed content. */
  restart(position: number): Promise<void>;
  close(): Promise<void>;
}

export const chunkBytes = 1 << 18;
/** So many compressed bytes give a head, unless it is not there yet. */
const compressedHeadBytes = 1 << 13;

/** What names the beginning of a file. */
export function hashOf(head: Buffer): string {
  return createHash('sha256').update(head).digest('hex').slice(0, 16);
}

export function isCompressed(path: string): boolean {
  return /\.gz$/i.test(path);
}

/** Opens a file at its start; `undefined` when it is not there. */
export async function openInput(path: string, chunk: Buffer): Promise<FileInput | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const inode = identityOf(await handle.stat({ bigint: true }));
    return isCompressed(path) ? new GzipInput(path, inode, handle) : new PlainInput(path, inode, handle, chunk);
  } catch (error) {
    await handle?.close();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cannotRead(path, error);
  }
}

class PlainInput implements FileInput {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #chunk: Buffer;
  readonly inode: string;
  readonly ended: boolean = false;
  consumed = 0;

  constructor(path: string, inode: string, handle: FileHandle, chunk: Buffer) {
    this.#path = path;
    this.inode = inode;
    this.#handle = handle;
    this.#chunk = chunk;
  }

  async read(): Promise<Buffer | undefined> {
    try {
      const { bytesRead } = await this.#handle.read(this.#chunk, 0, this.#chunk.length, this.consumed);
      if (bytesRead === 0) return undefined;
      this.consumed += bytesRead;
      return this.#chunk.subarray(0, bytesRead);
    } catch (error) {
      throw cannotRead(this.#path, error);
    }
  }

  head(length: number): Promise<Buffer> {
    return firstBytes(this.#path, this.#handle, length);
  }

  async restart(position: number): Promise<void> {
    this.consumed = position;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

interface GzipStream {
  readonly raw: ReadStream;
  readonly gunzip: Gunzip;
  readonly chunks: AsyncIterator<Buffer>;
}

/** One member after another; a file that stops in the middle of one is still being written. */
class GzipInput implements FileInput {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly inode: string;
  #stream: GzipStream | undefined;
  #toSkip = 0;
  ended = false;

  constructor(path: string, inode: string, handle: FileHandle) {
    this.#path = path;
    this.inode = inode;
    this.#handle = handle;
  }

  get consumed(): number {
    return this.#stream?.raw.bytesRead ?? 0;
  }

  async read(): Promise<Buffer | undefined> {
    while (!this.ended) {
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      const skipped = Math.min(this.#toSkip, chunk.length);
      this.#toSkip -= skipped;
      if (skipped < chunk.length) return chunk.subarray(skipped);
    }
    return undefined;
  }

  async head(length: number): Promise<Buffer> {
    const compressed = await firstBytes(this.#path, this.#handle, compressedHeadBytes);
    try {
      return gunzipSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, length);
    } catch {
      return Buffer.alloc(0);
    }
  }

  async restart(position: number): Promise<void> {
    this.#stop();
    this.#toSkip = position;
    this.ended = false;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#handle.close();
  }

  #start(): GzipStream {
    const gunzip = createGunzip({ chunkSize: chunkBytes });
    const raw = this.#handle.createReadStream({ autoClose: false, start: 0, highWaterMark: 1 << 16 });
    raw.on('error', (error) => gunzip.destroy(error));
    raw.pipe(gunzip);
    return { raw, gunzip, chunks: gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer> };
  }

  #stop(): void {
    this.#stream?.raw.destroy();
    this.#stream?.gunzip.destroy();
    this.#stream = undefined;
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      this.#stream ??= this.#start();
      const { done, value } = await this.#stream.chunks.next();
      if (done !== true) return value;
      this.ended = true;
      return undefined;
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code === 'Z_BUF_ERROR') return undefined;
      if (!code.startsWith('Z_')) throw cannotRead(this.#path, error);
      throw new DataError(`${this.#path} cannot be decompressed: ${message}. Repair it or remove it.`, {
        cause: error,
      });
    }
  }
}

async function firstBytes(path: string, handle: FileHandle, length: number): Promise<Buffer> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw cannotRead(path, error);
  }
}
