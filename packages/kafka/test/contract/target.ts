import type { KafkaError } from '../../src/errors.ts';
import {
  type Admin,
  createAdmin,
  createProducer,
  createReader,
  type DeliveryTarget,
  type KafkaClientOptions,
  type PartitionReader,
  type Producer,
} from '../../src/index.ts';

/** A cluster that the contract is checked against. */
export interface ContractTarget {
  readonly name: string;
  readonly bootstrap: () => string;
  /** What its clients need besides the address. */
  readonly settings?: () => Record<string, string>;
}

let names = 0;

export function uniqueName(prefix: string): string {
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${names++}`;
}

/** Clients of one test, all closed at its end. */
export class Clients {
  readonly #target: ContractTarget;
  readonly #opened: { close(): Promise<void> }[] = [];

  constructor(target: ContractTarget) {
    this.#target = target;
  }

  options(settings: Record<string, string | number>): KafkaClientOptions {
    const { bootstrap, settings: common } = this.#target;
    return { settings: { 'bootstrap.servers': bootstrap(), 'client.id': 'contract', ...common?.(), ...settings } };
  }

  admin(settings: Record<string, string | number> = {}): Admin {
    return this.keep(createAdmin(this.options(settings)));
  }

  producer(settings: Record<string, string | number> = {}): Producer {
    return this.keep(createProducer(this.options(settings)));
  }

  reader(settings: Record<string, string | number> = {}): PartitionReader {
    return this.keep(createReader(this.options({ 'auto.offset.reset': 'earliest', ...settings })));
  }

  keep<Client extends { close(): Promise<void> }>(client: Client): Client {
    this.#opened.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((client) => client.close()));
  }
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Everything in a topic, up to its end. */
export async function readAll(reader: PartitionReader, topic: string, partitions = 1): Promise<ReadRecord[]> {
  reader.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
  const found: ReadRecord[] = [];
  await reader.readToEnd((records) => {
    const { record } = records;
    const text = (start: number, end: number): string | null =>
      start < 0 ? null : record.buffer.toString('utf8', start, end);
    while (records.next()) {
      const headers: (readonly [string, string | null])[] = [];
      const { offset, timestamp } = record;
      const key = text(record.keyStart, record.keyEnd);
      const value = text(record.valueStart, record.valueEnd);
      while (record.nextHeader()) {
        headers.push([
          text(record.headerNameStart, record.headerNameEnd) ?? '',
          text(record.headerValueStart, record.headerValueEnd),
        ]);
      }
      found.push({ partition: records.partition, offset, timestamp, key, value, headers });
    }
  });
  return found;
}

/** Counts what became of records. */
export class Tally implements DeliveryTarget {
  readonly acknowledgedTokens: number[] = [];
  readonly errors: KafkaError[] = [];
  readonly offsets = new Map<number, number>();

  acknowledged({ baseOffset, start, count, tokens }: Parameters<DeliveryTarget['acknowledged']>[0]): void {
    for (let index = start; index < start + count; index++) {
      this.acknowledgedTokens.push(tokens[index]!);
      this.offsets.set(tokens[index]!, baseOffset + index);
    }
  }

  failed(_delivery: unknown, error: KafkaError): void {
    this.errors.push(error);
  }
}

/** Appends one record to a partition, with its token. */
export function append(
  producer: Producer,
  topic: string,
  partition: number,
  value: string,
  target?: DeliveryTarget,
  token = 0,
): void {
  const appender = producer.appender(topic, partition);
  const writer = appender.begin(Date.now());
  writer.key(null);
  writer.value(Buffer.from(value));
  appender.end(target, token);
}
