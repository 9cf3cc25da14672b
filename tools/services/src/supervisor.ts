/**
 * Runs one process of a service: `supervisor.ts COMMAND ARGUMENT…`. Standard input is the pipe to the owner: each line is a
 * signal to send, confirmed by a byte on descriptor 3. When the pipe closes, because the owner died, the process and
 * everything it started is killed, and the working directory, the instance's, is removed.
 */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { entryKey, processFamily } from './process-tree.ts';

const CONFIRMATIONS = 3;
const [command, ...args] = process.argv.slice(2);
// A group of its own: Ctrl-C in the owner's terminal must not reach the service before the owner decided what to do.
const child = spawn(command!, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
const root = child.pid;
/** PostgreSQL's processes have sessions of their own and lose their parent when it dies, so they are remembered. */
const known = new Set<string>();

child.on('error', (error) => {
  process.stderr.write(`supervisor: ${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code) => {
  void end(code ?? 1);
});

let hasOwner = true;
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  signalFamily(line as NodeJS.Signals);
  confirm();
});
input.on('close', () => {
  hasOwner = false;
  signalFamily('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => signalFamily('SIGKILL'));

/** An orderly stop goes to the main process alone; everything else to all of them. */
function signalFamily(signal: NodeJS.Signals): void {
  if (root === undefined) return;
  if (!['SIGKILL', 'SIGSTOP', 'SIGCONT'].includes(signal)) {
    send(root, signal);
    // A stopped process could not react.
    signal = 'SIGCONT';
  }
  for (const entry of processFamily(root, known)) {
    known.add(entryKey(entry));
    send(entry.pid, signal);
  }
}

async function end(code: number): Promise<void> {
  await killFamily();
  if (!hasOwner) {
    const directory = process.cwd();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    // The run's directory, when this was its last instance.
    await rmdir(dirname(directory)).catch(() => undefined);
  }
  process.exit(code);
}

async function killFamily(): Promise<void> {
  if (root === undefined) return;
  const deadline = Date.now() + 5_000;
  while (processFamily(root, known).length > 0 && Date.now() < deadline) {
    signalFamily('SIGKILL');
    await sleep(5);
  }
}

/** One byte through the pipe that the owner reads. */
function confirm(): void {
  try {
    writeSync(CONFIRMATIONS, '.');
  } catch {
    // The owner is gone, which the other pipe says, too.
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
  }
}
