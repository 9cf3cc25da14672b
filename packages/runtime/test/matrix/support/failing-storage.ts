import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { BrokerOptions } from '@millrace/broker';

export type FailingStorage = NonNullable<BrokerOptions['storage']> & {
  /** What the paths of files contain that cannot be written; empty: all of them. */
  full: string | undefined;
  /** How many writes were refused. */
  refused: number;
};

/** The disk of a broker that can be full. */
export function failingStorage(): FailingStorage {
  const paths = new Map<number, string>();
  const storage: FailingStorage = {
    full: undefined,
    refused: 0,
    open: (path, create) => {
      let file: number;
      try {
        file = openSync(path, 'r+');
      } catch (error) {
        if (!create) throw error;
        file = openSync(path, 'w+');
      }
      paths.set(file, path);
      return file;
    },
    close: (file) => closeSync(file),
    size: (file) => fstatSync(file).size,
    read: (file, into, length, position) => readSync(file, into, 0, length, position),
    write: (file, from, start, length, position) => {
      if (storage.full !== undefined && paths.get(file)?.includes(storage.full)) {
        storage.refused++;
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      }
      return writeSync(file, from, start, length, position);
    },
    truncate: (file, size) => ftruncateSync(file, size),
    sync: (file) => fsyncSync(file),
  };
  return storage;
}
