import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { BrokerOptions } from '@millrace/broker';

const script = `
  const { startBroker } = await import('@millrace/broker');
  console.log((await startBroker(JSON.parse(process.argv[1]))).port);
`;

export type BrokerProcessOptions = Pick<BrokerOptions, 'data' | 'minSessionTimeoutMs'>;

/** The embedded broker in a process of its own, which can be killed and started again on the same data and port. */
export class BrokerProcess {
  readonly #options: BrokerProcessOptions;
  #child: ChildProcess | undefined;
  #port = 0;

  private constructor(options: BrokerProcessOptions) {
    this.#options = options;
  }

  static async start(options: BrokerProcessOptions): Promise<BrokerProcess> {
    const broker = new BrokerProcess(options);
    await broker.restart();
    return broker;
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Resolves when it is ready. */
  async restart(): Promise<void> {
    const options = JSON.stringify({ ...this.#options, port: this.#port });
    const child = spawn(
      process.execPath,
      ['--conditions=@millrace/source', '--input-type=module', '--eval', script, options],
      { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#child = child;
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The broker ended with code ${code}`)));
    ended.catch(() => undefined);
    const [port] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
    this.#port = Number(port);
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill9(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }
}
