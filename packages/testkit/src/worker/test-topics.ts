import { sleep, TimeoutError } from '@millrace/api';
import {
  type Admin,
  createAdmin,
  createProducer,
  createReader,
  type FetchedRecords,
  type Producer,
} from '@millrace/kafka';

/** A record to send; texts are sent as they are. A value alone may be given instead. */
export interface TestRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
  readonly timestamp?: number;
}

/** A record as it is in a topic, with its bytes as texts. */
export interface ReceivedRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

export interface ConsumeOptions {
  /** Leaves out what transactions have not committed. Left out: yes. */
  readonly committed?: boolean;
  /** Left out: 30 seconds. */
  readonly timeoutMs?: number;
}

/** Topics as a test sees them. */
export class TestTopics {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #admin: Admin;
  readonly #producer: Producer;

  constructor(bootstrapServers: string) {
    this.#settings = { 'bootstrap.servers': bootstrapServers };
    this.#admin = createAdmin({ settings: this.#settings });
    this.#producer = createProducer({ settings: { ...this.#settings, 'linger.ms': '0' } });
  }

  async create(topic: string, partitions: number): Promise<void> {
    const error = (await this.#admin.createTopics([{ name: topic, partitions, replicationFactor: 1 }])).get(topic);
    if (error !== undefined) throw error;
  }

  /** Resolves when all of them are acknowledged. */
  async produce(topic: string, records: readonly (TestRecord | string)[]): Promise<void> {
    await this.#producer.loadTopic(topic);
    await Promise.all(
      records.map((record) => {
        const { key = null, value, headers = {}, ...rest } = typeof record === 'string' ? { value: record } : record;
        return this.#producer.send({
          ...rest,
          topic,
          key: bytesOf(key),
          value: bytesOf(value),
          headers: Object.entries(headers).map(([name, text]) => ({ name, value: Buffer.from(text) })),
        });
      }),
    );
  }

  /**
   * The first records of the topic, by offset in each partition; waits until there are so many.
   *
   * @throws TimeoutError that says how many came.
   */
  async consume(topic: string, count: number, options: ConsumeOptions = {}): Promise<ReceivedRecord[]> {
    const { committed = true, timeoutMs = 30_000 } = options;
    const reader = createReader({
      settings: { ...this.#settings, 'isolation.level': committed ? 'read_committed' : 'read_uncommitted' },
    });
    const received: ReceivedRecord[] = [];
    const end = performance.now() + timeoutMs;
    try {
      const partitions = await this.#partitionsOf(topic, end);
      reader.assign(partitions.map((partition) => ({ topic, partition, offset: 0 })));
      while (received.length < count) {
        const left = end - performance.now();
        if (left <= 0) {
          throw new TimeoutError(
            `Only ${received.length} of ${count} records came to ${topic} within ${timeoutMs} ms.`,
          );
        }
        for (const records of await reader.poll(left)) take(records, count, received);
      }
      return received;
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#producer.close()]);
  }

  /** Waits until the topic is there. */
  async #partitionsOf(topic: string, end: number): Promise<readonly number[]> {
    for (;;) {
      const found = (await this.#admin.describeTopics([topic])).get(topic);
      if (found !== undefined) return found.partitions.map(({ partition }) => partition);
      if (performance.now() > end) throw new TimeoutError(`There is no topic ${topic}: nothing was written to it.`);
      await sleep(20);
    }
  }
}

function take(records: FetchedRecords, count: number, received: ReceivedRecord[]): void {
  const { record, partition } = records;
  const text = (start: number, end: number): string | null =>
    start < 0 ? null : record.buffer.toString('utf8', start, end);
  while (received.length < count && records.next()) {
    const { offset, timestamp } = record;
    const key = text(record.keyStart, record.keyEnd);
    const value = text(record.valueStart, record.valueEnd);
    const headers: Record<string, string | null> = {};
    while (record.nextHeader()) {
      const name = text(record.headerNameStart, record.headerNameEnd) ?? '';
      headers[name] = text(record.headerValueStart, record.headerValueEnd);
    }
    received.push({ key, value, headers, partition, offset, timestamp });
  }
}

function bytesOf(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text);
}
