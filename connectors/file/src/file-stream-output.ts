import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { cannotCreate } from './errors.ts';

/** Where lines go. */
export interface FileStreamOutput {
  /** For messages. */
  readonly name: string;
  /** Writes some of the bytes, from the first on, and gives their number. */
  write(bytes: Buffer): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a file to append to it, and makes it where it is not there.
 *
 * @throws MillraceError when it cannot be written.
 */
export async function openForAppend(path: string): Promise<FileStreamOutput> {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK } = constants;
  // Without waiting: to open a named pipe would block a thread until somebody reads from it.
  const handle = await open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK).catch((error: unknown) => {
    throw cannotCreate(path, error);
  });
  return {
    name: path,
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    close: () => handle.close(),
  };
}

/** Writes to a stream, and leaves it open. */
export function streamOutput(stream: Writable, name: string): FileStreamOutput {
  // The callback of `write` gets the error; what nobody listens to would end the process.
  const ignore = (): void => {};
  stream.on('error', ignore);
  return {
    name,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve(bytes.length)));
      }),
    close: async () => {
      stream.off('error', ignore);
    },
  };
}
