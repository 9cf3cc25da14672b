import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { javaProgram } from '../kafka/java-tools.ts';
import { listenerOf } from '../processes/process-usage.ts';
import { type RunningWorker, type WorkerSettings, workerProperties } from './running-worker.ts';

/** What `connect-standalone.sh` and `connect-distributed.sh` give to the JVM. */
const heap = ['-Xms256M', '-Xmx2G'];
const patienceMs = 120_000;
/** The JVM ends with its standard input, and so with this process. */
const endsWithInput = '"$@" >&2 & java=$!; cat > /dev/null; kill -9 $java';
let workers = 0;

/** Java's Connect worker: standalone, or distributed where exactly-once is asked for. */
export async function startJavaWorker(settings: WorkerSettings, classPath: string): Promise<RunningWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-java-'));
  const port = await freePort();
  const id = `bench-java-${process.pid}-${++workers}`;
  const stores = settings.exactlyOnce
    ? internalTopics(id)
    : { 'offset.storage.file.filename': join(folder, 'offsets') };
  const properties = {
    ...workerProperties(settings),
    ...stores,
    listeners: `http://127.0.0.1:${port}`,
    // Finds the same plugins as the default, without reading the whole class path first.
    'plugin.discovery': 'service_load',
  };
  const file = join(folder, 'worker.properties');
  await writeFile(
    file,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const main = `org.apache.kafka.connect.cli.${settings.exactlyOnce ? 'ConnectDistributed' : 'ConnectStandalone'}`;
  const command = [...javaProgram(heap, classPath, main), file];
  const child = spawn('sh', ['-c', endsWithInput, 'sh', ...command], { stdio: ['pipe', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}/connectors`;
  const close = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('answers', async () => (await fetch(url).catch(() => undefined))?.ok === true);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    pid: listenerOf(port),
    start: async (connector) => {
      const body = JSON.stringify({ name: connector['name'], config: connector });
      const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      if (!answer.ok) throw new Error(`Java's worker: ${await answer.text()}`);
    },
    check: async (name) => {
      const text = await (await fetch(`${url}/${name}/status`)).text();
      if (text.includes('"FAILED"')) throw new Error(`Java's worker: ${text}`);
    },
    commitMs: async () => undefined,
    stop: async (name) => {
      await fetch(`${url}/${name}`, { method: 'DELETE' });
      await until(`has stopped ${name}`, async () => (await fetch(`${url}/${name}/status`)).status === 404);
    },
    close,
  };
}

function internalTopics(id: string): Readonly<Record<string, string>> {
  const stores = ['config', 'offset', 'status'].flatMap((store) => [
    [`${store}.storage.topic`, `${id}-${store}s`],
    [`${store}.storage.replication.factor`, '1'],
  ]);
  return { 'group.id': id, 'offset.storage.partitions': '1', ...Object.fromEntries(stores) };
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not true within ${patienceMs / 1000} s: Java's worker ${what}.`);
    await sleep(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free on 127.0.0.1.');
  return address.port;
}
