import {
  DataError,
  type Logger,
  RetriableError,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@millrace/api';
import { isFull, type Partitioner } from '@millrace/files';
import type { FileSinkConfig } from './file-sink-config.ts';
import type { SinkFile } from './file-sink-file.ts';
import { noValue, PartitionFiles } from './file-sink-partition.ts';
import { partitionerOf, type SinkSettings, settingsOf } from './file-sink-settings.ts';

type Context = Pick<
  SinkTaskContext<FileSinkConfig>,
  'config' | 'log' | 'reportErrant' | 'requestCommit' | 'taskConfig'
>;

interface OpenFile {
  readonly partition: PartitionFiles;
  readonly path: string;
}

/** Starts writing files. */
export function open(context: Context): FileSinkTask {
  return new FileSinkTask(context);
}

/**
 * Why each record is in exactly one file, whatever happens:
 *
 * 1. A file has its name only when it is whole and on disk, and the name says from which to which offset it goes. What a
 *    killed task leaves has a temporary name, and is removed when its directory is used again.
 * 2. An offset is committed only when everything in front of it is in files with names. So after a crash every record that
 *    is not in one comes again.
 * 3. The records of a partition that go to one directory go there in order, and which directory that is depends on the
 *    record alone. So those up to the last offset that a name in the directory says are in its files, and are left out
 *    when they come again.
 */
export class FileSinkTask implements SinkTask {
  readonly #config: FileSinkConfig;
  readonly #settings: SinkSettings;
  readonly #partitioner: Partitioner;
  readonly #log: Logger;
  readonly #reportErrant: Context['reportErrant'];
  readonly #requestCommit: () => void;
  readonly #partitions = new Map<string, PartitionFiles>();
  /** Dead letters on their way. */
  #reports: Promise<void>[] = [];
  #latest: { readonly topic: string; readonly partition: number; readonly files: PartitionFiles } | undefined;
  /** Files in the order in which they were begun. */
  readonly #open = new Map<SinkFile, OpenFile>();

  constructor({ config, log, reportErrant, requestCommit, taskConfig }: Context) {
    this.#config = config;
    this.#settings = settingsOf(config, taskConfig['name'] ?? '');
    this.#partitioner = partitionerOf(config);
    this.#log = log;
    this.#reportErrant = reportErrant;
    this.#requestCommit = requestCommit;
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    const now = Date.now();
    // What a full disk has kept in memory goes first: until there is room, nothing is added to it.
    for (const file of this.#open.keys()) if (file.mustFlush) await file.flush();
    for (const record of records) {
      const partition = this.#partitionOf(record);
      if (partition.hasTaken(record)) continue;
      try {
        const pending = this.#take(record, partition, now);
        if (pending !== undefined) await pending;
      } catch (error) {
        if (!DataError.isInstance(error) || this.#reportErrant === undefined) throw error;
        this.#reports.push(this.#reportErrant(record, error));
      }
      partition.taken(record);
    }
    await this.#reported();
    await this.#finishFull(now);
  }

  async preCommit(offsets: readonly TopicPartitionOffset[]): Promise<readonly TopicPartitionOffset[]> {
    try {
      await this.#finishFull(Date.now());
    } catch (error) {
      if (!RetriableError.isInstance(error)) throw error;
      this.#log.warn('A file cannot be finished yet; its offsets are not committed.', { error: error.message });
    }
    return offsets.map(({ topic, partition, offset }) => ({
      topic,
      partition,
      offset: this.#partitions.get(keyOf(topic, partition))?.committable(offset) ?? offset,
    }));
  }

  async partitionsRevoked(partitions: readonly TopicPartition[]): Promise<void> {
    this.#latest = undefined;
    for (const { topic, partition } of partitions) {
      const files = this.#partitions.get(keyOf(topic, partition));
      if (files === undefined) continue;
      this.#partitions.delete(keyOf(topic, partition));
      for (const file of files.files.values()) this.#open.delete(file);
      await files.drop();
    }
  }

  async close(): Promise<void> {
    const all = [...this.#partitions.values()];
    this.#latest = undefined;
    this.#partitions.clear();
    this.#open.clear();
    for (const files of all) await files.drop();
  }

  /** A promise only where the disk is needed: to begin a file, to end one, and for every block. */
  #take(record: SinkRecord, partition: PartitionFiles, now: number): Promise<void> | undefined {
    if (record.value === null) {
      if (this.#config.nullValues === 'skip') return undefined;
      throw noValue(record);
    }
    const path = this.#partitioner(record);
    const file = partition.files.get(path);
    if (file === undefined || file.shape !== this.#settings.format.shapeOf(record)) {
      return this.#takeIntoNew(record, partition, path, now);
    }
    return this.#add(record, file, now);
  }

  async #takeIntoNew(record: SinkRecord, partition: PartitionFiles, path: string, now: number): Promise<void> {
    // Before anything is finished for its sake: a record that has no shape is refused here.
    this.#settings.format.shapeOf(record);
    const other = partition.files.get(path);
    if (other !== undefined) await this.#finish(other);
    const oldest = this.#open.keys().next();
    if (this.#open.size >= this.#config.maxOpenFiles && oldest.done !== true) await this.#finish(oldest.value);
    const file = await partition.open(path, record, now);
    if (file === undefined) return;
    this.#open.set(file, { partition, path });
    try {
      await this.#add(record, file, now);
    } catch (error) {
      if (file.records === 0) this.#forget(file);
      throw error;
    }
  }

  #add(record: SinkRecord, file: SinkFile, now: number): Promise<void> | undefined {
    file.add(record);
    if (isFull(this.#settings.limits, file, now)) return this.#finishTaken(record, file);
    return file.mustFlush ? this.#flushTaken(record, file) : undefined;
  }

  async #finishTaken(record: SinkRecord, file: SinkFile): Promise<void> {
    // It is in memory now, whether the disk takes it or not.
    this.#partitionOf(record).taken(record);
    await this.#finish(file);
  }

  async #flushTaken(record: SinkRecord, file: SinkFile): Promise<void> {
    this.#partitionOf(record).taken(record);
    await file.flush();
  }

  async #finishFull(now: number): Promise<void> {
    for (const file of this.#open.keys()) if (isFull(this.#settings.limits, file, now)) await this.#finish(file);
  }

  async #finish(file: SinkFile): Promise<void> {
    // A finished file speaks for all records up to its last: those that are not in it must be dead letters by now.
    await this.#reported();
    await file.finish();
    this.#forget(file);
    this.#requestCommit();
  }

  async #reported(): Promise<void> {
    const reports = this.#reports;
    this.#reports = [];
    await Promise.all(reports);
  }

  #forget(file: SinkFile): void {
    const place = this.#open.get(file);
    this.#open.delete(file);
    place?.partition.files.delete(place.path);
  }

  #partitionOf({ originalTopic: topic, originalPartition: partition }: SinkRecord): PartitionFiles {
    const latest = this.#latest;
    if (latest !== undefined && latest.partition === partition && latest.topic === topic) return latest.files;
    const key = keyOf(topic, partition);
    let files = this.#partitions.get(key);
    if (files === undefined) {
      files = new PartitionFiles({ topic, partition }, this.#settings, this.#log);
      this.#partitions.set(key, files);
    }
    this.#latest = { topic, partition, files };
    return files;
  }
}

function keyOf(topic: string, partition: number): string {
  return `${partition}:${topic}`;
}
