import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { nodeCommand, nodeEnvironment } from '../kafka/node-command.ts';
import { type RunningWorker, type WorkerSettings, workerProperties } from './running-worker.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-process.ts';

let workers = 0;

/** Our worker with tasks in threads, the default; it ends when this process does. */
export async function startOurWorker(settings: WorkerSettings): Promise<RunningWorker> {
  const id = `bench-millrace-${process.pid}-${++workers}`;
  const properties = { ...workerProperties(settings), 'group.id': id, 'offset.storage.topic': `${id}-offsets` };
  const path = fileURLToPath(import.meta.resolve('#bench-worker'));
  const [command, ...args] = nodeCommand(path, JSON.stringify(properties));
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...nodeEnvironment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<WorkerAnswer> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The process of our worker has ended.');
    const read = JSON.parse(value) as WorkerAnswer;
    if (read.failure !== undefined) throw new Error(`Our worker: ${read.failure}`);
    return read;
  };
  const ask = (request: WorkerRequest): Promise<WorkerAnswer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  };
  await answer();
  return {
    pid: child.pid as number,
    start: async (connector) => void (await ask({ does: 'start', connector })),
    check: async (name) => void (await ask({ does: 'look', name })),
    commitMs: async (name) => (await ask({ does: 'look', name })).commitMs,
    stop: async (name) => void (await ask({ does: 'stop', name })),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
