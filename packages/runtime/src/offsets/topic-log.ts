import { type Logger, MillraceError } from '@millrace/api';
import type { Admin, FetchedRecords, PartitionReader, Producer, TopicPartition } from '@millrace/kafka';

/** What {@link TopicLog} needs of Kafka; it closes them. */
export interface TopicLogClients {
  readonly admin: Admin;
  /** Reads committed records where some are written in transactions. */
  readonly reader: PartitionReader;
  readonly producer: Producer;
}

export interface TopicLogOptions {
  readonly topic: string;
  /** With what it is created where it is not there; -1: as the cluster does it. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>>;
  readonly clients: TopicLogClients;
  readonly log: Logger;
  /** Hears every record, in order by partition, from the beginning on. */
  readonly apply: (records: FetchedRecords) => void;
}

export interface LogRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

const longestPoll = 60_000;

/**
 * A compacted topic that is read from the beginning to the end and then followed: what everybody has written, as soon
 * as it is there.
 */
export class TopicLog {
  readonly #options: TopicLogOptions;
  #partitions: readonly TopicPartition[] = [];
  #following: Promise<void> | undefined;
  #closing = false;
  #failure: Error | undefined;
  #waiting: { readonly ends: readonly number[]; readonly done: PromiseWithResolvers<void> }[] = [];

  constructor(options: TopicLogOptions) {
    this.#options = options;
  }

  /** Creates or checks the topic, and reads all of it. */
  async start(): Promise<void> {
    const { topic, clients, apply } = this.#options;
    await this.#ensureTopic();
    this.#read(await clients.producer.loadTopic(topic));
    await clients.reader.readToEnd(apply);
    this.#following = this.#follow();
  }

  /** Resolves when everything that is in the topic now has been applied. */
  async readToEnd(): Promise<void> {
    this.#throwFailure();
    const { topic, clients } = this.#options;
    // Somebody may have added partitions, and then keys that are written anew are in others than before.
    const described = (await clients.admin.describeTopics([topic])).get(topic);
    if (described !== undefined) this.#read(described.partitions.length);
    const ends = await clients.reader.endOffsets(this.#partitions);
    this.#throwFailure();
    if (this.#hasReached(ends.map(({ offset }) => offset))) return;
    const waiting = { ends: ends.map(({ offset }) => offset), done: Promise.withResolvers<void>() };
    this.#waiting.push(waiting);
    clients.reader.wakeup();
    await waiting.done.promise;
  }

  /** Resolves when all records are acknowledged. */
  async write(records: readonly LogRecord[]): Promise<void> {
    const { topic, clients } = this.#options;
    const sent = records.map((record) => clients.producer.send({ topic, key: record.key, value: record.value }));
    await Promise.all(sent);
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const { reader, producer, admin } = this.#options.clients;
    reader.wakeup();
    await Promise.all([reader.close(), producer.close(), admin.close()]);
    await this.#following;
    this.#fail(new MillraceError(`Topic ${this.#options.topic} is not followed any longer: closed.`));
  }

  /** Reads that many partitions: those that are new from the beginning on. */
  #read(count: number): void {
    const { topic, clients } = this.#options;
    const known = this.#partitions.length;
    if (count <= known || this.#closing) return;
    this.#partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
    clients.reader.assign(this.#partitions.map((each) => (each.partition < known ? each : { ...each, offset: 0 })));
    for (let partition = known; partition < count; partition++) clients.reader.seek(topic, partition, 'earliest');
  }

  async #follow(): Promise<void> {
    const { reader } = this.#options.clients;
    try {
      while (!this.#closing) {
        const fetched = await reader.poll(longestPoll);
        for (const records of fetched) this.#options.apply(records);
        this.#settleReached();
      }
    } catch (error) {
      if (!this.#closing) this.#fail(error);
    }
  }

  #settleReached(): void {
    const reached = this.#waiting.filter(({ ends }) => this.#hasReached(ends));
    if (reached.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !reached.includes(waiting));
    for (const { done } of reached) done.resolve();
  }

  #hasReached(ends: readonly number[]): boolean {
    const { reader } = this.#options.clients;
    return this.#partitions.every(({ topic, partition }, index) => {
      const end = ends[index] ?? 0;
      return end === 0 || (reader.position(topic, partition) ?? -1) >= end;
    });
  }

  #fail(cause: unknown): void {
    const { topic, log } = this.#options;
    this.#failure ??= MillraceError.isInstance(cause)
      ? cause
      : new MillraceError(`Topic ${topic} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
          cause,
        });
    if (!this.#closing) log.error(this.#failure.message, { topic });
    for (const { done } of this.#waiting) done.reject(this.#failure);
    this.#waiting = [];
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #ensureTopic(): Promise<void> {
    const { topic, partitions, replicationFactor, configs, clients, log } = this.#options;
    const { admin } = clients;
    if (!(await admin.describeTopics([topic])).has(topic)) {
      const outcomes = await admin.createTopics([
        {
          name: topic,
          ...(partitions > 0 && { partitions }),
          ...(replicationFactor > 0 && { replicationFactor }),
          configs: { ...configs, 'cleanup.policy': 'compact' },
        },
      ]);
      const error = outcomes.get(topic);
      if (error !== undefined && error.code !== 'TOPIC_ALREADY_EXISTS') {
        throw new MillraceError(
          `Topic '${topic}' is not there and cannot be created: ${error.message} Create it with cleanup.policy=compact, ` +
            `or correct its replication factor (now ${replicationFactor}).`,
          { cause: error },
        );
      }
      if (error === undefined) log.info(`Created topic ${topic}.`, { topic });
    }
    await this.#requireCompaction();
  }

  async #requireCompaction(): Promise<void> {
    const { topic, clients, log } = this.#options;
    let policy: string | null | undefined;
    try {
      const configs = await clients.admin.describeConfigs({ type: 'topic', name: topic });
      policy = configs.find(({ name }) => name === 'cleanup.policy')?.value;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`Cannot tell whether topic ${topic} is compacted: ${reason} It must be.`, { topic });
      return;
    }
    if (policy === undefined || policy === null || policy === 'compact') return;
    throw new MillraceError(
      `Topic '${topic}' must have cleanup.policy=compact, and has '${policy}': what is kept in it would be deleted ` +
        `after a while. Set it: kafka-configs --alter --topic ${topic} --add-config cleanup.policy=compact`,
    );
  }
}
