import type { Logger, SourceTask } from '@millrace/api';
import { type Admin, createAdmin, createProducer, type Producer, type RawSettings } from '@millrace/kafka';
import type { TaskErrors } from '../errors/task-errors.ts';
import type { TaskParts } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';

/** How a source task reaches Kafka. */
export interface SourceClients {
  producer(settings: RawSettings): Producer;
  admin(settings: RawSettings): Admin;
}

/** The clients of the package `@millrace/kafka`, with the task's log. */
export function kafkaClients(log: Logger): SourceClients {
  const options = { log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => log[level](message) };
  return {
    producer: (settings) => createProducer({ ...options, settings }),
    admin: (settings) => createAdmin({ ...options, settings }),
  };
}

/** Everything that a source task has opened, and how it is closed. */
export class TaskConnections {
  task: SourceTask | undefined;
  errors: TaskErrors | undefined;
  readonly #spec: TaskSpec;
  readonly #clients: SourceClients;
  readonly #parts: TaskParts;
  readonly #log: Logger;
  #producer: Producer | undefined;
  #admin: Admin | undefined;

  constructor(spec: TaskSpec, clients: SourceClients, parts: TaskParts, log: Logger) {
    this.#spec = spec;
    this.#clients = clients;
    this.#parts = parts;
    this.#log = log;
  }

  /** Holds no more than the task's share of memory. */
  get producer(): Producer {
    if (this.#producer !== undefined) return this.#producer;
    const { clients, settings } = this.#spec;
    const wanted = Number(clients.producer?.['buffer.memory'] ?? settings.bufferBytes);
    const memory = wanted > 0 ? Math.min(wanted, settings.bufferBytes) : settings.bufferBytes;
    this.#producer = this.#clients.producer({ ...clients.producer, 'buffer.memory': memory });
    return this.#producer;
  }

  get admin(): Admin {
    this.#admin ??= this.#clients.admin(this.#spec.clients.admin);
    return this.#admin;
  }

  /** Of the dead letter queue, which closes it itself. */
  deadLetterAdmin(): Admin {
    return this.#clients.admin(this.#spec.clients.admin);
  }

  /** Of the dead letter queue, which closes them itself. */
  deadLetterClients(): { readonly admin: Admin; readonly producer: Producer } {
    const { deadLetterProducer, producer } = this.#spec.clients;
    return {
      admin: this.deadLetterAdmin(),
      producer: this.#clients.producer(deadLetterProducer ?? producer ?? {}),
    };
  }

  /** Nobody waits any longer for what the producer has. */
  abandon(): void {
    void this.#producer?.close({ timeoutMs: 0 }).catch(() => undefined);
  }

  /** The task first, then what it works with. What cannot be closed is logged and keeps nothing else from being closed. */
  async close(): Promise<void> {
    const { keyConverter, valueConverter, headerConverter, chain } = this.#parts;
    await this.#closing('the task', () => this.task?.close?.());
    await this.#closing('the dead letter queue', () => this.errors?.close());
    await this.#closing('the producer', () => this.#producer?.close({ timeoutMs: 1000 }));
    await this.#closing('the admin client', () => this.#admin?.close());
    await this.#closing('the transforms', () => chain.close());
    for (const converter of [keyConverter, valueConverter, headerConverter]) {
      await this.#closing('a converter', () => converter.close?.());
    }
  }

  async #closing(what: string, close: () => Promise<void> | void): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.#log.warn(`Closing ${what} failed.`, { error });
    }
  }
}
