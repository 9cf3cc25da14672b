import {
  type Converter,
  DataError,
  type Logger,
  MillraceError,
  type SchemaAndValue,
  type Table,
  type TableKey,
  type TableKeyPart,
} from '@millrace/api';
import type { FetchedRecords, PartitionReader } from '@millrace/kafka';
import { MemoryTable, tableKeyPart } from '@millrace/transforms';
import type { TableMemory } from './table-memory.ts';

export interface TopicTableOptions {
  readonly topic: string;
  /** How many partitions the topic has; asked again from time to time. */
  readonly partitions: () => Promise<number>;
  /** Reads committed records; the table closes it. */
  readonly reader: PartitionReader;
  readonly keyConverter: Converter;
  readonly valueConverter: Converter;
  /** Fields of the record's key; none: the key as a whole. */
  readonly keyFields: readonly string[];
  /** Fields of a row that are kept; `undefined`: all. */
  readonly fields: readonly string[] | undefined;
  readonly maxBytes: number;
  readonly memory: TableMemory;
  readonly log: Logger;
}

/** How often somebody looks whether partitions were added. */
const partitionsEveryMs = 30_000;

/** The latest record of each key of a topic, kept current. */
export class TopicTable implements Table {
  readonly #options: TopicTableOptions;
  readonly #rows: MemoryTable;
  /** How large each row is in the topic, by its key's bytes. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #partitions = 0;
  #lookedAt = 0;
  #unreadable = 0;
  #failure: unknown;
  #following: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: TopicTableOptions) {
    this.#options = options;
    this.#rows = new MemoryTable({ fields: options.fields });
  }

  get schema(): SchemaAndValue['schema'] | undefined {
    return this.#rows.schema;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: TableKey): SchemaAndValue | undefined {
    return this.#rows.get(key);
  }

  /** A table that is not kept current any longer gives no rows: the batch fails, and no record goes on with an old one. */
  prepare(): Promise<never> | undefined {
    return this.#failure === undefined ? undefined : Promise.reject(this.#failure);
  }

  /** Resolves when all rows that are in the topic now are there. */
  async load(signal: AbortSignal): Promise<void> {
    const { topic, reader, log } = this.#options;
    await this.#readPartitions();
    await reader.readToEnd((records) => this.#apply(records), { signal });
    log.info(`Table of topic ${topic} is there: ${this.size} rows.`, { topic, rows: this.size, bytes: this.#bytes });
    this.#following = this.#follow();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { reader, memory, keyConverter, valueConverter } = this.#options;
    this.#failure ??= new MillraceError(`The table of topic ${this.#options.topic} is closed.`);
    reader.wakeup();
    await reader.close();
    await this.#following;
    this.#rows.close();
    this.#sizes.clear();
    memory.free(this.#bytes);
    this.#bytes = 0;
    await keyConverter.close?.();
    await valueConverter.close?.();
  }

  /** Reads all partitions that the topic has by now: those that are new from the beginning on. */
  async #readPartitions(): Promise<void> {
    const { topic, partitions, reader } = this.#options;
    this.#lookedAt = Date.now();
    const known = this.#partitions;
    const count = await partitions();
    if (count <= known || this.#failure !== undefined) return;
    this.#partitions = count;
    const all = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
    reader.assign(all.map((each) => (each.partition < known ? each : { ...each, offset: 0 })));
    for (let partition = known; partition < count; partition++) reader.seek(topic, partition, 'earliest');
  }

  async #follow(): Promise<void> {
    const { reader, topic, log } = this.#options;
    try {
      while (this.#failure === undefined) {
        const wait = this.#lookedAt + partitionsEveryMs - Date.now();
        if (wait <= 0) await this.#readPartitions();
        for (const records of await reader.poll(Math.max(1, wait))) this.#apply(records);
      }
    } catch (error) {
      if (this.#failure !== undefined) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#failure = new MillraceError(`The table of topic ${topic} is not current any longer: ${reason}`, {
        cause: error,
      });
      log.error((this.#failure as Error).message, { topic });
    }
  }

  #apply(records: FetchedRecords): void {
    const { record, topic } = records;
    while (records.next()) {
      const { buffer, keyStart, keyEnd, valueStart, valueEnd, offset } = record;
      if (keyStart < 0) {
        this.#skip(records.partition, offset, new DataError('it has no key'));
        continue;
      }
      let key: TableKey;
      let row: SchemaAndValue | null = null;
      try {
        key = this.#keyOf(topic, buffer, keyStart, keyEnd);
        if (valueStart >= 0) {
          row = this.#options.valueConverter.decode(topic, buffer, valueStart, valueEnd, undefined);
        }
      } catch (error) {
        this.#skip(records.partition, offset, error);
        continue;
      }
      const name = buffer.toString('latin1', keyStart, keyEnd);
      const isRow = row !== null && row.value !== null && row.value !== undefined;
      this.#resize(name, isRow ? keyEnd - keyStart + valueEnd - valueStart : 0);
      if (isRow) this.#rows.set(key, (row as SchemaAndValue).schema, (row as SchemaAndValue).value);
      else this.#rows.delete(key);
    }
  }

  #keyOf(topic: string, buffer: Buffer, start: number, end: number): TableKey {
    const { keyConverter, keyFields } = this.#options;
    const { value } = keyConverter.decode(topic, buffer, start, end, undefined);
    if (keyFields.length === 0) return part(value, 'the key');
    if (typeof value !== 'object' || value === null) throw new DataError('its key has no fields');
    const parts = keyFields.map((name) =>
      part(Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : null, name),
    );
    return parts.length === 1 ? (parts[0] as TableKeyPart) : parts;
  }

  #resize(name: string, size: number): void {
    const { memory, topic, maxBytes } = this.#options;
    const change = size - (this.#sizes.get(name) ?? 0);
    if (change > 0) {
      if (this.#bytes + change > maxBytes) {
        throw new MillraceError(
          `Table of topic ${topic} is larger than table.max.bytes=${maxBytes}. Name only the fields that are needed, or raise it.`,
          { code: 'TABLE_MEMORY' },
        );
      }
      memory.take(change, `of topic ${topic}`);
    } else {
      memory.free(-change);
    }
    this.#bytes += change;
    if (size === 0) this.#sizes.delete(name);
    else this.#sizes.set(name, size);
  }

  /** A row that cannot be read is as if it were not there, and the first of them and every thousandth is logged. */
  #skip(partition: number, offset: number, error: unknown): void {
    const { topic, log } = this.#options;
    if (this.#unreadable++ % 1000 !== 0) return;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(`A record of topic ${topic} is no row of the table and is left out: ${reason}`, {
      topic,
      partition,
      offset,
      unreadable: this.#unreadable,
    });
  }
}

function part(value: unknown, path: string): TableKeyPart {
  const found = tableKeyPart(value, path);
  if (found === null) throw new DataError(`${path} is null`);
  return found;
}
