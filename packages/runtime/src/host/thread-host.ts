import { type ResourceLimits, Worker } from 'node:worker_threads';
import { MillraceError } from '@millrace/api';
import type { Host, HostOptions } from './host.ts';
import { HostClient } from './host-client.ts';
import { withDefaults } from './start-host-server.ts';

export interface ThreadHostOptions extends HostOptions {
  /** Limits of the thread's heap; those of Node when left out, but for the young generation (48 MB). Buffers are not counted. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** Records on their way survive a while, and Node's young generation of 134 MB would keep 120 MB more for them. */
const maxYoungGenerationSizeMb = 48;

/**
 * A host in a thread of its own. An uncaught error, a busy loop and a heap that grows end the thread, and with it the tasks
 * that it had; the worker goes on.
 */
export function createThreadHost(options: ThreadHostOptions): Host {
  const settings = withDefaults(options);
  const entry = import.meta.resolve('#thread-host');
  const thread = new Worker(new URL(entry), {
    name: 'millrace-host',
    workerData: settings,
    execArgv: execArgvFor(entry),
    resourceLimits: { maxYoungGenerationSizeMb, ...options.resourceLimits },
  });
  const client = new HostClient({
    kind: 'thread',
    endpoint: thread,
    log: options.log,
    unresponsiveMs: settings.unresponsiveMs,
    terminate: async () => {
      await thread.terminate();
    },
  });
  const lost = (what: string, cause?: unknown): void =>
    client.lost(new MillraceError(what, { code: 'HOST_LOST', ...(cause !== undefined && { cause }) }));
  thread.on('error', (error) => lost(`The thread of its host has died: ${reasonOf(error)}`, error));
  thread.on('messageerror', (error) => lost(`A message of its host cannot be read: ${reasonOf(error)}`, error));
  thread.on('exit', (code) =>
    lost(`The thread of its host has ended by itself, with code ${code}: a plugin may have called process.exit.`),
  );
  return client;
}

/** Sources are run as they are, and find the sources of the other packages. */
function execArgvFor(entry: string): string[] {
  const own = process.execArgv.filter((argument) => !argument.startsWith('--input-type'));
  return entry.endsWith('.ts') ? [...own, '--conditions=@millrace/source'] : own;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
