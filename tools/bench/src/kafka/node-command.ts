import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs one of our files from source. */
export function nodeCommand(path: string, ...args: readonly string[]): [string, ...string[]] {
  return [process.execPath, '--conditions=@millrace/source', path, ...args];
}

/** Compiled modules are kept, as the packed command does it: otherwise each start would compile TypeScript. */
export const nodeEnvironment: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(tmpdir(), 'millrace-bench-compile-cache'),
};
