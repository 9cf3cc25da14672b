import { createConsumer, type TopicPartition } from '../../src/index.ts';
import { partitionCount, type Role, type RoleSettings } from './role.ts';
import type { Clients } from './target.ts';

/** Follows a topic without a group. */
export class Follower implements Role {
  readonly name: string;
  readonly values: number[] = [];
  readonly #clients: Clients;
  readonly #topic: string;
  readonly #settings: RoleSettings;

  constructor(clients: Clients, topic: string, settings: RoleSettings) {
    this.name = `the reader of ${topic}`;
    this.#clients = clients;
    this.#topic = topic;
    this.#settings = settings;
  }

  get done(): number {
    return this.values.length;
  }

  async work(stopping: AbortSignal): Promise<void> {
    const reader = this.#clients.reader({ 'isolation.level': 'read_committed', ...this.#settings });
    reader.assign(partitionsOf(this.#topic).map((each) => ({ ...each, offset: 0 })));
    while (!stopping.aborted) {
      for (const records of await reader.poll(100)) {
        while (records.next()) this.values.push(numberIn(records.record));
      }
    }
  }
}

/** Reads its share of a topic as a member of a group, and commits what it has read. */
export class Sharer implements Role {
  readonly name: string;
  readonly values: number[] = [];
  /** What its group told it; after a loss others may read again what it had read. */
  readonly losses: string[] = [];
  readonly failedCommits: string[] = [];
  readonly #clients: Clients;
  readonly #topic: string;
  readonly #settings: RoleSettings;

  constructor(name: string, clients: Clients, topic: string, settings: RoleSettings) {
    this.name = name;
    this.#clients = clients;
    this.#topic = topic;
    this.#settings = settings;
  }

  get done(): number {
    return this.values.length;
  }

  async work(stopping: AbortSignal): Promise<void> {
    const settings = { 'auto.offset.reset': 'earliest', ...this.#settings };
    const consumer = this.#clients.keep(createConsumer(this.#clients.options(settings)));
    const commit = async (shared: readonly TopicPartition[]): Promise<void> => {
      const offsets = shared.flatMap(({ topic, partition }) => {
        const offset = consumer.position(topic, partition);
        return offset === undefined ? [] : [{ topic, partition, offset }];
      });
      await consumer.commit(offsets).catch((error: unknown) => this.failedCommits.push(String(error)));
    };
    await consumer.start({ topics: [this.#topic] }, { revoked: commit, lost: (lost) => this.#lose(lost) });
    while (!stopping.aborted) {
      for (const records of await consumer.poll(100)) {
        while (records.next()) this.values.push(numberIn(records.record));
      }
      await commit(consumer.assignment);
    }
    await consumer.close();
  }

  #lose(lost: readonly TopicPartition[]): void {
    this.losses.push(lost.map(({ partition }) => partition).join());
  }
}

function partitionsOf(topic: string): TopicPartition[] {
  return Array.from({ length: partitionCount }, (_, partition) => ({ topic, partition }));
}

function numberIn(record: { readonly buffer: Buffer; readonly valueStart: number; readonly valueEnd: number }): number {
  return Number(record.buffer.toString('utf8', record.valueStart, record.valueEnd));
}
