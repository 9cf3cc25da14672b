import { abortable, type OffsetFields, type OffsetMap } from '@millrace/api';
import type { Producer } from '@millrace/kafka';
import type { OffsetKey } from '../offsets/offset-entry.ts';
import { encodeOffsetValue } from '../offsets/offset-json.ts';
import type { TaskServices } from '../task/task-runner.ts';
import { untilDone } from '../task/with-retries.ts';
import type { Offsets } from './offset-tracker.ts';
import type { SourcePartition } from './source-partition.ts';

export interface OffsetWriterOptions {
  readonly topic: string;
  readonly producer: Producer;
  readonly services: Pick<TaskServices, 'offsetKeys'>;
  /** What the definition declares of an offset. */
  readonly fields: OffsetFields;
  readonly signal: AbortSignal;
}

/** Writes offsets to their topic inside of the task's transaction. */
export class OffsetWriter {
  readonly #options: OffsetWriterOptions;
  readonly #keys = new WeakMap<SourcePartition, OffsetKey>();

  constructor(options: OffsetWriterOptions) {
    this.#options = options;
  }

  async append(offsets: Offsets): Promise<void> {
    if (offsets.size === 0) return;
    const { producer, topic, fields, signal } = this.#options;
    await untilDone(
      () => producer.loadTopic(topic),
      () => producer.partitionCount(topic) !== undefined,
      signal,
    );
    await this.#findKeys([...offsets.keys()].filter((partition) => !this.#keys.has(partition)));
    for (const [partition, offset] of offsets) {
      const { key, obsolete } = this.#keys.get(partition) as OffsetKey;
      // Those that mean the same are deleted, so that one key alone counts.
      for (const other of obsolete) await this.#write(other, null);
      await this.#write(key, offset === null ? null : encodeOffsetValue(offset, fields));
    }
  }

  /** The transaction with these offsets is committed: what was obsolete is gone. */
  committed(offsets: Offsets): void {
    for (const partition of offsets.keys()) {
      const known = this.#keys.get(partition);
      if (known !== undefined && known.obsolete.length > 0) this.#keys.set(partition, { key: known.key, obsolete: [] });
    }
  }

  async #findKeys(partitions: readonly SourcePartition[]): Promise<void> {
    if (partitions.length === 0) return;
    const { services, signal } = this.#options;
    const maps: OffsetMap[] = partitions.map(({ partition }) => partition);
    const keys = await abortable(services.offsetKeys(maps), signal);
    for (const [index, partition] of partitions.entries()) this.#keys.set(partition, keys[index] as OffsetKey);
  }

  async #write(key: Uint8Array, value: Uint8Array | null): Promise<void> {
    const { producer, topic, signal } = this.#options;
    await untilDone(
      () => producer.room(),
      () => producer.hasRoom,
      signal,
    );
    const appender = producer.appender(topic, producer.partitionFor(topic, key));
    const writer = appender.begin(Date.now());
    writer.key(key);
    writer.value(value);
    appender.end();
  }
}
