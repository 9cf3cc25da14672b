import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestWorkerOptions } from '@millrace/testkit';

export interface WorkerSpec extends Pick<TestWorkerOptions, 'host'> {
  readonly bootstrapServers: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly connectors: readonly Readonly<Record<string, string>>[];
}

/** A worker in a process of its own, which can be killed. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ready = Promise.withResolvers<void>();
  readonly #rss: number[] = [];
  /** Resolves with the code when it is gone; `null` when it was killed. */
  readonly ended: Promise<number | null>;

  /** @param log the file that gets its errors and warnings */
  constructor(spec: WorkerSpec, log: string) {
    const entry = fileURLToPath(import.meta.resolve('#worker'));
    const file = openSync(log, 'a');
    this.#child = spawn(process.execPath, ['--conditions=@millrace/source', entry, JSON.stringify(spec)], {
      stdio: ['ignore', file, file, 'ipc'],
    });
    closeSync(file);
    this.#child.on('message', (message: { readonly ready?: true; readonly rss?: number }) => {
      if (message.ready === true) this.#ready.resolve();
      if (message.rss !== undefined) this.#rss.push(message.rss);
    });
    this.ended = once(this.#child, 'exit').then(([code]) => code as number | null);
    this.#ready.promise.catch(() => undefined);
    void this.ended.then((code) =>
      this.#ready.reject(new Error(`The worker has ended with code ${code} before it was ready; see ${log}.`)),
    );
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Bytes of memory, five times a second. */
  get rss(): readonly number[] {
    return this.#rss;
  }

  /** Resolves when all tasks run. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill9(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGKILL');
    await this.ended;
  }
}
