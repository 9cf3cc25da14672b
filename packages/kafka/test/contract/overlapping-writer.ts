import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { createProducer, type KafkaClientOptions } from '../../src/index.ts';
import { append } from './target.ts';

export interface OverlappingWriterOptions extends Pick<KafkaClientOptions, 'settings'> {
  /** With two partitions: both get every number. */
  readonly topic: string;
  /** Numbers in one transaction. */
  readonly size: number;
  /** The first number. */
  readonly next: number;
}

const script = `
  const { writeOverlapping } = await import('./overlapping-writer.ts');
  await writeOverlapping(JSON.parse(process.argv[1]));
`;

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
      ['--conditions=@millrace/source', '--input-type=module', '--eval', script, JSON.stringify(options)],
      { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
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

/** What the process does: says how far it has committed, line by line, until it is killed. */
export async function writeOverlapping({ settings, topic, size, next }: OverlappingWriterOptions): Promise<never> {
  const producer = createProducer({ settings: { 'batch.size': 200, 'linger.ms': 0, ...settings } });
  await producer.initTransactions();
  await producer.loadTopic(topic);
  let committing = Promise.resolve();
  for (let number = next; ; number += size) {
    producer.beginTransaction();
    for (let each = number; each < number + size; each++) {
      for (const partition of [0, 1]) append(producer, topic, partition, `${each}`);
    }
    await committing;
    committing = producer.commitTransaction().then(() => void process.stdout.write(`${number + size}\n`));
  }
}
