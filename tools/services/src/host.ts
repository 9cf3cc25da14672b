/** The owner of the services that were started from a terminal: `host.ts DIRECTORY`. Ends when it has none left. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveControl } from './control-server.ts';
import { HOST_FILE } from './host-connection.ts';
import { ServiceHub } from './service-hub.ts';

/** Long enough for a command that has just found this host to send its request. */
const IDLE_LIMIT = 3_000;

const directory = process.argv[2]!;
const hub = new ServiceHub(directory);
const server = await serveControl(hub);
const file = join(directory, HOST_FILE);
await writeFile(file, server.address, { mode: 0o600 });

let busy = Date.now();
const timer = setInterval(() => {
  if (hub.size > 0) busy = Date.now();
  else if (Date.now() - busy > IDLE_LIMIT) void end();
}, 250);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end());

async function end(): Promise<void> {
  clearInterval(timer);
  const named = await readFile(file, 'utf8').catch(() => '');
  if (named === server.address) await rm(file, { force: true });
  await hub.close();
  await server.close();
}
