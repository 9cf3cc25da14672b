import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from './errors.ts';
import { servicesHome } from './home.ts';
import { processIdentity } from './process-tree.ts';

const WAIT_LIMIT = 20 * 60_000;
const previous = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while nobody else, in this process or another one, holds the lock. The lock file names its owner; the lock of
 * an owner that is gone is taken over. What it protects is renamed into place, so that even two owners could do no harm.
 */
export function withLock<Result>(name: 'install' | 'host', work: () => Promise<Result>): Promise<Result> {
  const result = (previous.get(name) ?? Promise.resolve()).then(() => lockedAcrossProcesses(name, work));
  previous.set(
    name,
    result.catch(() => undefined),
  );
  return result;
}

async function lockedAcrossProcesses<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(servicesHome(), { recursive: true });
  const lock = join(servicesHome(), `.${name}.lock`);
  const mine = `${lock}.${randomUUID()}`;
  await writeFile(mine, `${process.pid} ${processIdentity(process.pid) ?? ''}`);
  try {
    await acquire(lock, mine);
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** A hard link appears with its content, so nobody ever reads an empty lock. */
async function acquire(lock: string, mine: string): Promise<void> {
  const deadline = Date.now() + WAIT_LIMIT;
  while (!(await tryLink(mine, lock))) {
    const owner = await readFile(lock, 'utf8').catch(() => undefined);
    if (owner !== undefined && !isAlive(owner)) {
      const stale = `${mine}.stale`;
      await rename(lock, stale).catch(() => undefined);
      const moved = await readFile(stale, 'utf8').catch(() => undefined);
      // Somebody else was faster, and this is the lock of the new owner: put it back.
      if (moved !== undefined && moved !== owner) await tryLink(stale, lock);
      await rm(stale, { force: true });
      continue;
    }
    if (Date.now() > deadline) {
      throw new ServiceError('SERVICE_FAILED', `process ${owner ?? 'unknown'} holds ${lock} for too long`);
    }
    await sleep(50);
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(owner: string): boolean {
  const [pid = '', identity = ''] = owner.split(' ');
  return processIdentity(Number(pid)) === identity;
}
