import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type Logger, sleep } from '@millrace/api';
import { notAFile } from './errors.ts';
import { cannotRead } from './file-source-scan.ts';

/** Where lines come from. */
export interface FileStreamInput {
  /** For messages. */
  readonly name: string;
  /** Puts what is there into the buffer, from that place on, and gives the number of bytes; 0 when there are none now. */
  read(buffer: Buffer, start: number, position: number): Promise<number>;
  /** Waits until there may be more behind that position. */
  wait(position: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** How long Java waits for a file to appear or to grow. */
export const pauseMs = 1000;

/**
 * Opens a file; `undefined` when it is not there.
 *
 * @throws MillraceError when it cannot be read.
 */
export async function openFile(path: string, log: Logger): Promise<FileStreamInput | undefined> {
  let handle: FileHandle | undefined;
  let stats: Stats;
  try {
    // Without waiting: to open a named pipe would block a thread until somebody writes to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    stats = await handle.stat();
  } catch (error) {
    await handle?.close();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cannotRead(path, error);
  }
  if (stats.isFile()) return new FileInput(path, handle, stats, log);
  await handle.close();
  throw notAFile(path);
}

class FileInput implements FileStreamInput {
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #opened: Stats;
  readonly #log: Logger;
  #warned = false;

  constructor(path: string, handle: FileHandle, opened: Stats, log: Logger) {
    this.name = path;
    this.#handle = handle;
    this.#opened = opened;
    this.#log = log;
  }

  async read(buffer: Buffer, start: number, position: number): Promise<number> {
    try {
      return (await this.#handle.read(buffer, start, buffer.length - start, position)).bytesRead;
    } catch (error) {
      throw cannotRead(this.name, error);
    }
  }

  async wait(position: number, signal: AbortSignal): Promise<void> {
    if (!this.#warned) await this.#look(position);
    await sleep(pauseMs, signal);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** As Java, this goes on with the file that it has opened, where it stands; but not without a word. */
  async #look(position: number): Promise<void> {
    const { size } = await this.#handle.stat();
    const named = await stat(this.name).catch(() => undefined);
    const isReplaced = named?.ino !== this.#opened.ino || named.dev !== this.#opened.dev;
    if (size >= position && !isReplaced) return;
    this.#warned = true;
    const fields = { file: this.name, position, size };
    if (isReplaced) {
      this.#log.warn('The file was replaced or removed; the old one is followed until the task is restarted.', fields);
    } else {
      this.#log.warn(
        'The file is shorter than the position in it; nothing is read until it is longer. Reset the offsets of the connector to read it from the start.',
        fields,
      );
    }
  }
}
