import { readFile } from 'node:fs/promises';
import { ConfigError, type ConfigProvider, type Logger } from '@millrace/api';
import { parseProperties } from '@millrace/java';
import { allowedPaths } from './allowed-paths.ts';
import { pick } from './pick.ts';

/** The keys of a properties file. */
export async function createFileProvider(paths: readonly string[], log: Logger): Promise<ConfigProvider> {
  const allow = await allowedPaths(paths, log);
  return {
    get: async (path, keys, signal) => {
      const file = path === '' ? undefined : allow(path);
      if (file === undefined) return { data: {} };
      return { data: pick(await readProperties(file, signal), keys) };
    },
  };
}

async function readProperties(file: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file, { signal }));
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Could not read properties from file ${file}: ${reason}`, { cause });
  }
  try {
    return parseProperties(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Could not read properties from file ${file}: ${reason}`, { cause });
  }
}
