import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The vectors that are part of the repository: a small, representative choice. */
export const subsetDirectory: string = fileURLToPath(new URL('../subset/', import.meta.url));

export interface GoldenDirectory {
  readonly path: string;
  readonly isSubset: boolean;
}

/** `GOLDEN_DIR` (relative to the project's root), else `../shared/golden` beside the project, else the subset. */
export function findGoldenDirectory(env: Readonly<Record<string, string | undefined>> = process.env): GoldenDirectory {
  const named = env['GOLDEN_DIR'];
  const path = resolve(root, named === undefined || named === '' ? '../shared/golden' : named);
  return existsSync(join(path, 'converters')) ? { path, isSubset: false } : { path: subsetDirectory, isSubset: true };
}
