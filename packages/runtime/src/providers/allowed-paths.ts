import { access } from 'node:fs/promises';
import { normalize, sep } from 'node:path';
import { ConfigError, type Logger } from '@millrace/api';

/** The path in its shortest form, or `undefined` for one that may not be read, after a warning. */
export type AllowPath = (path: string) => string | undefined;

/** As in Java, paths are compared by their names: a link may lead elsewhere. @throws ConfigError for a path that is not there. */
export async function allowedPaths(paths: readonly string[], log: Logger): Promise<AllowPath> {
  const allowed = await Promise.all(paths.map(existing));
  return (path) => {
    if (allowed.length === 0) return path;
    const normal = normalize(path);
    if (allowed.some((one) => normal === one || normal.startsWith(one.endsWith(sep) ? one : one + sep))) return normal;
    log.warn(`The path ${path} is not in allowed.paths of its config provider: its variables stay as they are.`);
    return undefined;
  };
}

async function existing(path: string): Promise<string> {
  const normal = normalize(path);
  try {
    await access(normal);
  } catch (cause) {
    throw new ConfigError([{ key: 'allowed.paths', message: `Path ${normal} does not exist` }], { cause });
  }
  return normal.length > 1 && normal.endsWith(sep) ? normal.slice(0, -1) : normal;
}
