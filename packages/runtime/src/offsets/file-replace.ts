import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file so that there is always either the old or the new one, whole: written beside it, forced to disk, and
 * renamed. It gets that mode, or what new files have. Only one at a time may do so. A temporary file that a crash has left is overwritten by the next.
 */
export async function replaceFile(path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await withFile(temporary, 'w', async (file) => {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(bytes);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  // The new name itself is only safe once its directory is.
  await withFile(dirname(path), 'r', (directory) => directory.sync());
}

async function withFile(path: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
