import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlClient } from './control-client.ts';
import { ServiceError } from './errors.ts';
import { servicesHome } from './home.ts';
import { withLock } from './lock.ts';
import { ownFile } from './own-file.ts';

/** Holds the address of the running host. */
export const HOST_FILE = 'host';
const START_LIMIT = 15_000;

/** Where instances started from a terminal live. */
const hostDirectory = (): string => join(servicesHome(), 'run');

/** The host of this user's detached instances, if there is one. */
export async function findHost(): Promise<ControlClient | undefined> {
  const address = await readFile(join(hostDirectory(), HOST_FILE), 'utf8').catch(() => '');
  if (address === '') return undefined;
  const client = new ControlClient(address);
  // The file of a host that was killed stays behind.
  return client.list().then(
    () => client,
    () => undefined,
  );
}

export function startHost(): Promise<ControlClient> {
  return withLock('host', async () => {
    const present = await findHost();
    if (present !== undefined) return present;
    await mkdir(hostDirectory(), { recursive: true });
    const log = await open(join(hostDirectory(), 'host.log'), 'a');
    try {
      const stdio = ['ignore', log.fd, log.fd] as const;
      spawn(process.execPath, [ownFile('#host'), hostDirectory()], {
        detached: true,
        stdio: [...stdio],
        cwd: hostDirectory(),
      }).unref();
    } finally {
      await log.close();
    }
    const deadline = Date.now() + START_LIMIT;
    for (;;) {
      const host = await findHost();
      if (host !== undefined) return host;
      if (Date.now() > deadline) {
        throw new ServiceError(
          'SERVICE_FAILED',
          `no owner for the services after ${START_LIMIT / 1000} s; see ${hostDirectory()}/host.log`,
        );
      }
      await sleep(30);
    }
  });
}
