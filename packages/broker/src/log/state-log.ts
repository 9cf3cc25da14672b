import { RecordBatchReader, RecordBatchWriter } from '@millrace/protocol';
import { TopicConfig } from '../topics/topic-config.ts';
import { readBatchInfo } from './batch-info.ts';
import { PartitionLog, type PartitionLogOptions } from './partition-log.ts';

/** `null` removes the key. */
export type StateEntry = readonly [key: string, value: unknown];

const readBytes = 4 * 1024 * 1024;

/**
 * What the broker itself has to remember, as the newest JSON value of each key, in a compacted log like any other: the
 * same recovery, and entries that are written together are there together or not at all.
 */
export class StateLog {
  readonly log: PartitionLog;
  readonly #now: () => number;

  constructor(options: Omit<PartitionLogOptions, 'config'>) {
    const config = new TopicConfig([
      ['cleanup.policy', 'compact'],
      ['segment.bytes', '1048576'],
      ['max.message.bytes', '2147483647'],
      ['delete.retention.ms', '0'],
    ]);
    this.log = PartitionLog.open({ ...options, config: () => config });
    this.#now = () => options.clock.now();
  }

  /** @throws RequestError KAFKA_STORAGE_ERROR; then nothing was written. */
  write(entries: readonly StateEntry[]): void {
    if (entries.length === 0) return;
    const writer = new RecordBatchWriter();
    writer.begin();
    for (const [key, value] of entries) {
      writer.append(this.#now(), Buffer.from(key), value === null ? null : Buffer.from(JSON.stringify(value)));
    }
    const batch = writer.finish();
    const info = readBatchInfo(batch, 0, batch.length);
    if (info === undefined) throw new Error('state of the broker could not be encoded');
    this.log.append(batch, info);
  }

  /** The newest value of every key. */
  load(): Map<string, unknown> {
    const values = new Map<string, unknown>();
    const reader = new RecordBatchReader({ checksums: false });
    const { log } = this;
    for (let offset = log.startOffset; offset < log.nextOffset; ) {
      const bytes = log.read(offset, log.nextOffset, readBytes, true);
      if (bytes.length === 0) break;
      reader.reset(bytes);
      while (reader.nextBatch()) {
        while (reader.next()) {
          const key = reader.buffer.toString('utf8', reader.keyStart, reader.keyEnd);
          if (reader.valueStart < 0) values.delete(key);
          else values.set(key, JSON.parse(reader.buffer.toString('utf8', reader.valueStart, reader.valueEnd)));
        }
      }
      offset = reader.nextOffset;
    }
    return values;
  }
}
