import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const sources = join(import.meta.dirname, '..', '..', 'src');

/** A folder that is gone when the test is over. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface StartOptions {
  readonly cwd: string;
  readonly program?: 'millrace' | 'connect-standalone';
  readonly env?: Readonly<Record<string, string>>;
}

/** The real command, in a process of its own. */
export class RunningCommand {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], { cwd, program = 'millrace', env = {} }: StartOptions) {
    const command = ['--conditions=@millrace/source', join(sources, `${program}.ts`), ...args];
    const { NO_COLOR: _, FORCE_COLOR: _force, ...inherited } = process.env;
    this.child = spawn(process.execPath, command, {
      cwd,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (text) => (this.out += text));
    this.child.stderr?.on('data', (text) => (this.err += text));
    this.#ended = once(this.child, 'close').then(([code]) => code as number | null);
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.#ended;
    });
  }

  /** The exit code. */
  async ended(): Promise<number | null> {
    return await this.#ended;
  }

  /** Waits until standard output matches. */
  async says(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const found = pattern.exec(this.out);
      if (found !== null) return found;
      if (this.child.exitCode !== null || performance.now() > end) {
        throw new Error(`Never said ${pattern}; said: ${this.out}\n${this.err}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

export function startCommand(args: readonly string[], options: StartOptions): RunningCommand {
  return new RunningCommand(args, options);
}

/** Writes files and gives the folder that they are in. */
export function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** A port that somebody listens on until the test is over. */
export async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as { port: number }).port;
}
