import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type ConfigProvider, type Logger } from '@millrace/api';
import { allowedPaths } from './allowed-paths.ts';

/** The files of a directory: their names are the keys, all that is in them the values. */
export async function createDirectoryProvider(paths: readonly string[], log: Logger): Promise<ConfigProvider> {
  const allow = await allowedPaths(paths, log);
  return {
    get: async (path, keys, signal) => {
      const directory = path === '' ? undefined : allow(path);
      if (directory === undefined) return { data: {} };
      if ((await kindOf(directory)) !== 'directory') {
        log.warn(`The path ${path} is not a directory: its variables stay as they are.`);
        return { data: {} };
      }
      // Only names that are listed: a key such as `../x` is no file of the directory.
      const names = (await listed(directory)).filter((name) => keys === undefined || keys.has(name));
      const entries = await Promise.all(names.map((name) => readEntry(directory, name, signal)));
      return { data: Object.fromEntries(entries.flat()) };
    },
  };
}

async function listed(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new ConfigError(`Could not list directory ${directory}: ${reasonOf(cause)}`, { cause });
  }
}

/** Nothing when it is not a file. */
async function readEntry(
  directory: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly (readonly [string, string])[]> {
  const file = join(directory, name);
  if ((await kindOf(file)) !== 'file') return [];
  try {
    return [[name, new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file, { signal }))]];
  } catch (cause) {
    signal.throwIfAborted();
    throw new ConfigError(`Could not read file ${file} for property ${name}: ${reasonOf(cause)}`, { cause });
  }
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'other'> {
  try {
    const found = await stat(path);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'directory' : 'other';
  } catch {
    return 'other';
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
