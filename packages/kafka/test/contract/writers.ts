import { FencedError } from '../../src/index.ts';
import { paced, partitionCount, type Role, type RoleSettings } from './role.ts';
import { append, type Clients, Tally, uniqueName } from './target.ts';

/** Writes the numbers from 0, by turns to all partitions, with several small batches on their way at a time. */
export class Writer implements Role {
  readonly name = 'the writer';
  readonly tally = new Tally();
  written = 0;
  readonly #clients: Clients;
  readonly #topic: string;
  readonly #settings: RoleSettings;

  constructor(clients: Clients, topic: string, settings: RoleSettings) {
    this.#clients = clients;
    this.#topic = topic;
    this.#settings = settings;
  }

  get done(): number {
    return this.tally.acknowledgedTokens.length;
  }

  async work(stopping: AbortSignal): Promise<void> {
    const producer = this.#clients.producer({ 'batch.size': 300, 'linger.ms': 1, ...this.#settings });
    await producer.loadTopic(this.#topic);
    await paced(stopping, () => {
      for (let count = 0; count < 30 && producer.hasRoom; count++) {
        append(producer, this.#topic, this.written % partitionCount, `${this.written}`, this.tally, this.written);
        this.written++;
      }
    });
    await producer.flush();
  }
}

/** Writes numbers in transactions with the offset of a group beside them, and aborts every fourth one. */
export class TransactionalWriter implements Role {
  readonly name = 'the transactional writer';
  readonly groupId = uniqueName('transactional');
  /** Transactions that failed and were done again. */
  readonly failures: string[] = [];
  done = 0;
  written = 0;
  readonly #clients: Clients;
  readonly #topic: string;
  readonly #settings: RoleSettings;

  constructor(clients: Clients, topic: string, settings: RoleSettings) {
    this.#clients = clients;
    this.#topic = topic;
    this.#settings = settings;
  }

  async work(stopping: AbortSignal): Promise<void> {
    const producer = this.#clients.producer({ 'transactional.id': uniqueName('id'), ...this.#settings });
    await producer.initTransactions();
    await producer.loadTopic(this.#topic);
    let round = 0;
    await paced(stopping, async () => {
      const aborts = round++ % 4 === 3;
      producer.beginTransaction();
      try {
        for (let partition = 0; partition < partitionCount; partition++) {
          append(producer, this.#topic, partition, aborts ? 'aborted' : `${this.written + partition}`);
        }
        const offset = this.written + partitionCount;
        await producer.sendOffsets([{ topic: this.#topic, partition: 0, offset }], { groupId: this.groupId });
        if (aborts) return await producer.abortTransaction();
        await producer.commitTransaction();
        this.written = offset;
        this.done++;
      } catch (error) {
        if (error instanceof FencedError) throw error;
        this.failures.push(String(error));
        await producer.abortTransaction();
      }
    });
  }
}
