/** vitest's `globalSetup`: makes vitest's main process the owner of the services that the tests ask for. */
import { rm } from 'node:fs/promises';
import { serveControl } from './control-server.ts';
import { createRunDirectory } from './run-directory.ts';
import { CONTROL_VARIABLE } from './service.ts';
import { ServiceHub } from './service-hub.ts';

export async function setup(): Promise<() => Promise<void>> {
  const directory = await createRunDirectory();
  const hub = new ServiceHub(directory);
  const server = await serveControl(hub);
  process.env[CONTROL_VARIABLE] = server.address;
  return async () => {
    delete process.env[CONTROL_VARIABLE];
    await hub.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  };
}
