import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from './process-tree.ts';

const PREFIX = 'millrace-services-';

/** A new temporary directory for the data of this process's services. Removes those of processes that were killed. */
export async function createRunDirectory(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const owner = /^(\d+)-/.exec(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '')?.[1];
    if (owner === undefined || processIdentity(Number(owner)) !== undefined) continue;
    // Another user's cannot be removed.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}
