import type { Logger, OffsetMap } from '@millrace/api';
import type { FetchedRecords } from '@millrace/kafka';
import type { OffsetEntry, OffsetKey } from './offset-entry.ts';
import { OffsetIndex } from './offset-index.ts';
import { encodeOffsetValue } from './offset-json.ts';
import type { OffsetStore } from './offset-store.ts';
import { type LogRecord, TopicLog, type TopicLogOptions } from './topic-log.ts';

export type KafkaOffsetStoreOptions = Omit<TopicLogOptions, 'apply'>;

/** Keeps offsets in a compacted topic, in Java's format. */
export function createKafkaOffsetStore(options: KafkaOffsetStoreOptions): OffsetStore {
  return new KafkaOffsetStore(options);
}

class KafkaOffsetStore implements OffsetStore {
  readonly #index = new OffsetIndex();
  readonly #topicLog: TopicLog;
  readonly #log: Logger;
  readonly #topic: string;

  constructor(options: KafkaOffsetStoreOptions) {
    this.#log = options.log;
    this.#topic = options.topic;
    this.#topicLog = new TopicLog({ ...options, apply: (records) => this.#apply(records) });
  }

  start(): Promise<void> {
    return this.#topicLog.start();
  }

  async read(connector: string, partitions: readonly OffsetMap[]): Promise<readonly (OffsetMap | null)[]> {
    await this.#topicLog.readToEnd();
    return partitions.map((partition) => this.#index.get(connector, partition));
  }

  async readAll(connector: string): Promise<readonly OffsetEntry[]> {
    await this.#topicLog.readToEnd();
    return this.#index.all(connector);
  }

  async keys(connector: string, partitions: readonly OffsetMap[]): Promise<readonly OffsetKey[]> {
    await this.#topicLog.readToEnd();
    return partitions.map((partition) => this.#index.keyOf(connector, partition));
  }

  async write(connector: string, entries: readonly OffsetEntry[]): Promise<void> {
    const records: LogRecord[] = [];
    for (const { partition, offset } of entries) {
      const { key, obsolete } = this.#index.keyOf(connector, partition);
      records.push({ key, value: offset === null ? null : encodeOffsetValue(offset) });
      for (const other of obsolete) records.push({ key: other, value: null });
    }
    await this.#topicLog.write(records);
  }

  close(): Promise<void> {
    return this.#topicLog.close();
  }

  #apply(records: FetchedRecords): void {
    const { record } = records;
    while (records.next()) {
      const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = record;
      const key = keyStart < 0 ? undefined : buffer.subarray(keyStart, keyEnd);
      const value = valueStart < 0 ? null : buffer.subarray(valueStart, valueEnd);
      if (key !== undefined && this.#index.apply(key, value, timestamp, records.partition)) continue;
      this.#log.warn(`Ignored a record of topic ${this.#topic} that is no offset.`, {
        partition: records.partition,
        offset: record.offset,
      });
    }
  }
}
