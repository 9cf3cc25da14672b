import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { servicesHome } from './home.ts';
import { withLock } from './lock.ts';
import { progress } from './progress.ts';

/** The folder of the cache that `installOnce` fills, or `undefined` while it is not there. */
export function installedFolder(folder: string): string | undefined {
  const target = join(servicesHome(), folder);
  return existsSync(target) ? target : undefined;
}

/**
 * Fills a folder of the cache once: `build` works in a temporary one, which is renamed when it is complete. `requireTools`
 * throws when a program that it needs is missing.
 */
export async function installOnce(
  folder: string,
  requireTools: () => unknown,
  build: (directory: string) => Promise<void>,
): Promise<string> {
  const target = join(servicesHome(), folder);
  if (existsSync(target)) return target;
  await requireTools();
  return withLock('install', async () => {
    if (existsSync(target)) return target;
    const began = performance.now();
    progress(`installing ${folder}`);
    await removeIncomplete(folder);
    const directory = `${target}${INCOMPLETE}${process.pid}`;
    await mkdir(directory, { recursive: true });
    try {
      await build(directory);
      await rename(directory, target);
    } finally {
      await removeIncomplete(folder);
    }
    progress(`${folder} is installed after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return target;
  });
}

const INCOMPLETE = '.incomplete-';

/** Also what an installation that was killed left behind. */
async function removeIncomplete(folder: string): Promise<void> {
  const names = (await readdir(servicesHome())).filter((name) => name.startsWith(`${folder}${INCOMPLETE}`));
  await Promise.all(names.map((name) => rm(join(servicesHome(), name), { recursive: true, force: true })));
}
