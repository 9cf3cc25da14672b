import { join } from 'node:path';
import { DataError, type Logger, type SinkRecord, type TopicPartition } from '@millrace/api';
import { listFinished } from './file-sink-disk.ts';
import { SinkFile, temporaryPrefix } from './file-sink-file.ts';
import type { SinkSettings } from './file-sink-settings.ts';

/**
 * The files of one Kafka partition that are being written, one in each directory. The finished files of a directory say
 * how far it goes: records up to there are in them already, and are left out when they come again.
 */
export class PartitionFiles {
  readonly files = new Map<string, SinkFile>();
  readonly #source: TopicPartition;
  readonly #settings: SinkSettings;
  readonly #log: Logger;
  /** Records in front of this one have been taken. */
  #next = 0;
  /** The last offset in finished files, for directories where records in front of it are coming again. */
  readonly #finishedUpTo = new Map<string, number>();

  constructor(source: TopicPartition, settings: SinkSettings, log: Logger) {
    this.#source = source;
    this.#settings = settings;
    this.#log = log;
  }

  /** Whether the record was taken before: a batch that failed comes as a whole again. */
  hasTaken(record: SinkRecord): boolean {
    return record.originalOffset < this.#next;
  }

  taken(record: SinkRecord): void {
    this.#next = record.originalOffset + 1;
  }

  /** The file for a record that goes to that directory; `undefined` when it is in a finished one. */
  async open(path: string, record: SinkRecord, now: number): Promise<SinkFile | undefined> {
    const directory = join(this.#settings.directory, this.#source.topic, path);
    let finished = this.#finishedUpTo.get(path);
    if (finished === undefined) {
      finished = await this.#lastIn(directory);
      if (finished < record.originalOffset) finished = -1;
      else {
        this.#finishedUpTo.set(path, finished);
        this.#log.info('Leaving out records that are in finished files.', {
          directory,
          from: record.originalOffset,
          to: finished,
        });
      }
    }
    if (record.originalOffset <= finished) return undefined;
    this.#finishedUpTo.delete(path);
    const file = new SinkFile(directory, this.#settings.format.shapeOf(record), record, this.#settings, now);
    this.files.set(path, file);
    return file;
  }

  /** The offset from which records must come again, when `reached` was put. */
  committable(reached: number): number {
    let offset = reached;
    for (const { first } of this.files.values()) offset = Math.min(offset, first);
    return offset;
  }

  async drop(): Promise<void> {
    for (const file of this.files.values()) await file.drop();
    this.files.clear();
  }

  async #lastIn(directory: string): Promise<number> {
    const { topic, partition } = this.#source;
    const { template, extension, connector } = this.#settings;
    const parse = template.parser(topic, partition, extension);
    let last = -1;
    for (const name of await listFinished(directory, temporaryPrefix(this.#source, connector))) {
      last = Math.max(last, parse(name)?.last ?? -1);
    }
    return last;
  }
}

/** What a null value is, where it must not be. */
export function noValue({ originalTopic, originalPartition, originalOffset }: SinkRecord): DataError {
  return new DataError(
    `The record ${originalTopic}-${originalPartition}@${originalOffset} has no value; set null.values=skip to leave such records out.`,
  );
}
