import { createByteWriter, type SinkRecord } from '@millrace/api';
import type { RawRecord, TaskErrors } from '../errors/task-errors.ts';
import type { TaskParts } from '../task/task-runner.ts';
import type { FetchedBatch } from './fetched-batch.ts';
import { partitionKey } from './sink-partitions.ts';

export interface ErrantReportsOptions {
  readonly errors: TaskErrors;
  readonly parts: TaskParts;
  /** What is being put; reported records are looked for in it. */
  readonly batch: FetchedBatch;
}

/** Records that the task itself reports. Offsets of their partitions wait for them. */
export class ErrantReports {
  readonly #options: ErrantReportsOptions;
  readonly #pending = new Map<string, Set<Promise<void>>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ErrantReportsOptions) {
    this.#options = options;
  }

  report(record: SinkRecord, error: Error): Promise<void> {
    const key = partitionKey(record.originalTopic, record.originalPartition);
    const reported = this.#report(record, error);
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = new Set();
      this.#pending.set(key, pending);
    }
    pending.add(reported);
    reported.then(
      () => this.#settled(key, reported),
      (failure: unknown) => {
        if (this.#settled(key, reported)) this.#failure ??= { error: failure };
      },
    );
    return reported;
  }

  /** Resolves when the reports of these partitions are written; throws what one of them failed of. */
  async written(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(keys.flatMap((key) => [...(this.#pending.get(key) ?? [])]));
    this.throwFailure();
  }

  /** The partitions belong to somebody else, who will see their records again. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.#pending.delete(key);
  }

  /** What a report failed of: the task must not go on. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #report(record: SinkRecord, error: Error): Promise<void> {
    const { errors, batch } = this.#options;
    const { originalTopic, originalPartition, originalOffset } = record;
    const index = batch.find(originalTopic, originalPartition, originalOffset);
    const raw = index < 0 ? await this.#serialize(record) : batch.rawRecord(index);
    await errors.report({
      subject: record,
      stage: 'TASK_PUT',
      className: 'org.apache.kafka.connect.sink.SinkTask',
      error,
      origin: () => raw,
    });
  }

  /** `false`: it was forgotten. */
  #settled(key: string, report: Promise<void>): boolean {
    const pending = this.#pending.get(key);
    if (pending?.delete(report) !== true) return false;
    if (pending.size === 0) this.#pending.delete(key);
    return true;
  }

  /** For a record whose bytes are gone, because it was put before, or that the task has made itself. */
  async #serialize(record: SinkRecord): Promise<RawRecord> {
    const { keyConverter, valueConverter, headerConverter } = this.#options.parts;
    const { topic, keySchema, key, valueSchema, value } = record;
    const keyContext = await keyConverter.prepareEncode?.([record]);
    const valueContext = await valueConverter.prepareEncode?.([record]);
    const encode = (write: (writer: ReturnType<typeof createByteWriter>) => boolean): Uint8Array | null => {
      const writer = createByteWriter();
      return write(writer) ? writer.buffer.subarray(0, writer.position) : null;
    };
    return {
      topic: record.originalTopic,
      partition: record.originalPartition,
      offset: record.originalOffset,
      timestamp: record.timestamp ?? -1,
      key: encode((writer) => keyConverter.encode(topic, keySchema, key, writer, keyContext)),
      value: encode((writer) => valueConverter.encode(topic, valueSchema, value, writer, valueContext)),
      headers: [...record.headers].map((header) => ({
        name: header.key,
        value: encode((writer) => headerConverter.encode(topic, header.key, header.schema, header.value, writer)),
      })),
    };
  }
}
