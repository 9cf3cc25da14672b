import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { RequestError } from '../request-error.ts';

/** The calls through which logs reach the disk: `node:fs`, or something that fails where a test wants it to. */
export interface Storage {
  /** Opens a file for reading and writing; one that is not there is made if `create`. */
  open(path: string, create: boolean): number;
  close(file: number): void;
  size(file: number): number;
  read(file: number, into: Buffer, length: number, position: number): number;
  write(file: number, from: Uint8Array, start: number, length: number, position: number): number;
  truncate(file: number, size: number): void;
  sync(file: number): void;
}

export const diskStorage: Storage = {
  open: (path, create) => {
    try {
      return openSync(path, 'r+');
    } catch (error) {
      if (!create || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return openSync(path, 'w+');
    }
  },
  close: (file) => closeSync(file),
  size: (file) => fstatSync(file).size,
  read: (file, into, length, position) => readSync(file, into, 0, length, position),
  write: (file, from, start, length, position) => writeSync(file, from, start, length, position),
  truncate: (file, size) => ftruncateSync(file, size),
  sync: (file) => fsyncSync(file),
};

/** Says that the disk refused something, in the terms of the protocol. */
export function storageError(what: string, cause: unknown): RequestError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RequestError('KAFKA_STORAGE_ERROR', `${what}: ${reason}`, { cause });
}
