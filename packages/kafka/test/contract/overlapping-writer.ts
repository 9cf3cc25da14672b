import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { KafkaClientOptions } from '../../src/index.ts';

export interface OverlappingWriterOptions extends Pick<KafkaClientOptions, 'settings'> {
  /** With two partitions: both get every number. */
  readonly topic: string;
  /** Numbers in one transaction. */
  readonly size: number;
  /** The first number. */
  readonly next: number;
}

/** Writes numbers, each transaction while the one before is committed, in a process of its own that can be killed. */
export class OverlappingWriter {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface) {
    this.#child = child;
    this.#lines = lines;
  }

  static start(options: OverlappingWriterOptions): OverlappingWriter {
    const child = spawn(
      process.execPath,
      [
        '--conditions=@millrace/source',
        join(import.meta.dirname, 'overlapping-writer-child.ts'),
        JSON.stringify(options),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    return new OverlappingWriter(child, createInterface(child.stdout));
  }

  /** Resolves when everything before that number is committed. */
  async committed(number: number): Promise<void> {
    for await (const line of this.#lines) if (Number(line) >= number) return;
    throw new Error('The writer has ended');
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill9(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
