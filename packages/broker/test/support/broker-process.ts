import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface BrokerProcess {
  readonly host: string;
  readonly port: number;
  readonly bootstrap: string;
  /** SIGKILL; resolves when the process is gone. */
  kill9(): Promise<void>;
}

const script = `
  const { startBroker } = await import('@millrace/broker');
  const broker = await startBroker(JSON.parse(process.argv[1]));
  console.log(broker.bootstrap);
`;

/** A broker in a process of its own, which ends with the test. */
export async function startBrokerProcess(options: {
  data: string;
  port?: number;
  fsync?: boolean;
}): Promise<BrokerProcess> {
  const args = ['--conditions=@millrace/source', '--input-type=module', '--eval', script, JSON.stringify(options)];
  const cwd = import.meta.dirname;
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [bootstrap] = (await once(createInterface(child.stdout), 'line')) as [string];
  const [host, port] = bootstrap.split(':') as [string, string];
  return {
    host,
    port: Number(port),
    bootstrap,
    kill9: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
