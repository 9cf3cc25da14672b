import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessSpec } from './definition.ts';
import { ownFile } from './own-file.ts';
import { findProgram, isRoot } from './programs.ts';
import { lastLines } from './run-command.ts';

/** A process of a service under its supervisor, which kills it when this process ends for whatever reason. */
export class SupervisedProcess {
  readonly #supervisor: ChildProcess;
  readonly #exited: Promise<void>;
  /** Of signals that the supervisor has not confirmed yet. */
  readonly #unconfirmed: (() => void)[] = [];

  private constructor(supervisor: ChildProcess) {
    this.#supervisor = supervisor;
    this.#exited = new Promise((resolve) => {
      supervisor.once('exit', () => resolve());
    });
    const [signals, confirmations] = this.#pipes;
    // A signal to a process that has just ended.
    signals.on('error', () => undefined);
    confirmations.on('data', (bytes: Buffer) => {
      for (const confirm of this.#unconfirmed.splice(0, bytes.length)) confirm();
    });
    // An owner that has nothing else to do ends, and the service with it.
    for (const handle of [supervisor, signals, confirmations]) handle.unref();
  }

  static async launch(spec: ProcessSpec, directory: string): Promise<SupervisedProcess> {
    const log = await open(join(directory, `${spec.name}.log`), 'a');
    try {
      const supervisor = spawn(process.execPath, [ownFile('#supervisor'), ...protectedCommand(spec)], {
        cwd: directory,
        detached: true,
        stdio: ['pipe', log.fd, log.fd, 'pipe'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      await once(supervisor, 'spawn');
      return new SupervisedProcess(supervisor);
    } finally {
      await log.close();
    }
  }

  get isRunning(): boolean {
    return this.#supervisor.exitCode === null && this.#supervisor.signalCode === null;
  }

  /** Resolves when the signal was sent, or the process has ended. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const [signals] = this.#pipes;
    const confirmed = new Promise<void>((resolve) => {
      this.#unconfirmed.push(resolve);
    });
    signals.write(`${signal}\n`);
    await this.#keepAliveUntil(Promise.race([confirmed, this.#exited]));
  }

  /** Resolves when the process and everything it started is gone. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL');
    await this.#keepAliveUntil(this.#exited);
  }

  async stop(signal: NodeJS.Signals, timeout: number): Promise<void> {
    await this.signal(signal);
    const timer = new AbortController();
    await Promise.race([this.#exited, sleep(timeout, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    await this.kill();
  }

  get #pipes(): readonly [Socket, Socket] {
    const [signals, , , confirmations] = this.#supervisor.stdio;
    return [signals as Socket, confirmations as Socket];
  }

  async #keepAliveUntil(event: Promise<void>): Promise<void> {
    this.#supervisor.ref();
    try {
      await event;
    } finally {
      this.#supervisor.unref();
    }
  }
}

/** The end of a process's log, for error messages. */
export async function logTail(directory: string, name: string): Promise<string> {
  const log = await readFile(join(directory, `${name}.log`), 'utf8').catch(() => '');
  return lastLines(log, 30) || '(the log is empty)';
}

type Command = readonly [string, ...string[]];

/**
 * The command as another user's, when we are root. It keeps the capability to pass directories that only root may enter,
 * and, because a change of the user forgets it, asks again to die with its parent.
 */
export function asUser(user: string, command: Command): Command {
  if (!isRoot()) return command;
  const capabilities = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'];
  return [
    'setpriv',
    DIE_WITH_PARENT,
    `--reuid=${user}`,
    `--regid=${user}`,
    '--init-groups',
    ...capabilities,
    ...command,
  ];
}

const DIE_WITH_PARENT = '--pdeathsig=KILL';

/** Where the kernel offers it, the process also dies with a supervisor that was killed before it could act. */
function protectedCommand({ command, user }: ProcessSpec): Command {
  if (user !== undefined && isRoot()) return asUser(user, command);
  const canProtect = process.platform === 'linux' && findProgram({ name: 'setpriv' }) !== undefined;
  return canProtect ? ['setpriv', DIE_WITH_PARENT, ...command] : command;
}
