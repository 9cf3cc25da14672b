import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MillraceError, RetriableError } from '@millrace/api';

/** A full disk may have room again; anything else needs somebody to look at it. */
export function cannotWrite(path: string, cause: unknown): MillraceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RetriableError(`${path} cannot be written: there is no space left; make room for it.`, { cause });
  }
  return new MillraceError(`${path} cannot be written: ${message}.`, { cause });
}

/** Makes what was renamed into a directory, or made in it, survive a loss of power. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory and those above it. */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    const first = await mkdir(directory, { recursive: true });
    if (first === undefined) return;
    for (let parent = dirname(directory); ; parent = dirname(parent)) {
      await syncDirectory(parent);
      if (parent === dirname(first)) return;
    }
  } catch (error) {
    throw cannotWrite(directory, error);
  }
}

/** Removes what a task that was killed has left of its files in a directory, and gives the names of the others. */
export async function listFinished(directory: string, temporaryPrefix: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw cannotWrite(directory, error);
  });
  for (const name of names) {
    if (name.startsWith(temporaryPrefix) && name.endsWith(temporaryEnding)) {
      await rm(join(directory, name), { force: true });
    }
  }
  return names;
}

export const temporaryEnding = '.tmp';
