import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ByteWriter, createByteWriter, MillraceError, type SinkRecord, type TopicPartition } from '@millrace/api';
import type { FileProgress } from '@millrace/files';
import { cannotWrite, makeDirectory, syncDirectory, temporaryEnding } from './file-sink-disk.ts';
import type { SinkSettings } from './file-sink-settings.ts';

/** Bytes that are written at a time; each such block of a compressed file is a gzip member of its own. */
const blockBytes = 1 << 18;
const compress = promisify(gzip);

/**
 * What unfinished files of a partition begin with; the dot hides them from globs. Connectors that share a directory
 * leave each other's alone.
 */
export function temporaryPrefix({ topic, partition }: TopicPartition, connector: string): string {
  return `.${topic}+${partition}+${createHash('sha256').update(connector).digest('hex').slice(0, 12)}+`;
}

/**
 * A file that is being written, under a temporary name in its directory. It gets its name when it is finished and safe
 * on disk; the name says which offsets are in it.
 */
export class SinkFile implements FileProgress {
  readonly directory: string;
  /** Records of another shape need another file. */
  readonly shape: unknown;
  readonly first: number;
  readonly openedAt: number;
  records = 0;
  readonly #settings: SinkSettings;
  readonly #source: TopicPartition;
  readonly #timestamp: number;
  readonly #temporary: string;
  readonly #writer: ByteWriter = createByteWriter(1 << 12);
  #handle: FileHandle | undefined;
  #flushed = 0;
  #written = 0;
  #last: number;

  constructor(directory: string, shape: unknown, record: SinkRecord, settings: SinkSettings, now: number) {
    const { originalTopic: topic, originalPartition: partition, originalOffset, timestamp } = record;
    this.directory = directory;
    this.shape = shape;
    this.first = this.#last = originalOffset;
    this.openedAt = now;
    this.#settings = settings;
    this.#source = { topic, partition };
    this.#timestamp = timestamp ?? 0;
    const unique = `${originalOffset}.${randomUUID()}`;
    this.#temporary = join(
      directory,
      `${temporaryPrefix(this.#source, settings.connector)}${unique}${temporaryEnding}`,
    );
    settings.format.writeHeader(this.#writer, record);
  }

  /** Before compression. */
  get bytes(): number {
    return this.#flushed + this.#writer.position;
  }

  get mustFlush(): boolean {
    return this.#writer.position >= blockBytes;
  }

  /** @throws DataError when the record cannot be written; the file is as it was. */
  add(record: SinkRecord): void {
    const mark = this.#writer.position;
    try {
      this.#settings.format.write(this.#writer, record);
    } catch (error) {
      this.#writer.position = mark;
      throw error;
    }
    this.records++;
    this.#last = record.originalOffset;
  }

  /**
   * Writes what is in memory. What could not be written stays there, and is written to the same place next time.
   *
   * @throws RetriableError when the disk is full.
   */
  async flush(): Promise<void> {
    const { buffer, position } = this.#writer;
    if (position === 0) return;
    try {
      if (this.#handle === undefined) {
        await makeDirectory(this.directory);
        this.#handle = await open(this.#temporary, 'wx');
      }
      const content = buffer.subarray(0, position);
      const block = this.#settings.isCompressed ? await compress(content) : content;
      for (let done = 0; done < block.length; ) {
        done += (await this.#handle.write(block, done, block.length - done, this.#written + done)).bytesWritten;
      }
      this.#written += block.length;
    } catch (error) {
      throw MillraceError.isInstance(error) ? error : cannotWrite(this.#temporary, error);
    }
    this.#flushed += position;
    this.#writer.position = 0;
  }

  /** Gives the file its name, once it is safe. */
  async finish(): Promise<void> {
    await this.flush();
    const { template, extension } = this.#settings;
    const name = template.format({ ...this.#source, first: this.first, last: this.#last, timestamp: this.#timestamp });
    const path = join(this.directory, `${name}${extension}`);
    try {
      await this.#handle?.sync();
      await this.#handle?.close();
      await this.#requireOwnership();
      await rename(this.#temporary, path);
      await syncDirectory(this.directory);
    } catch (cause) {
      // After a failed fsync nobody knows what is on disk: the file must be written anew, from the committed offset.
      const { message } = cause as Error;
      throw new MillraceError(
        `${path} cannot be finished: ${message}. Look whether another task writes this partition, then restart this one.`,
        { cause },
      );
    }
  }

  /** A task that has lost the partition without knowing must not add what its successor has written already. */
  async #requireOwnership(): Promise<void> {
    const { template, extension } = this.#settings;
    const parse = template.parser(this.#source.topic, this.#source.partition, extension);
    for (const name of await readdir(this.directory)) {
      if ((parse(name)?.last ?? -1) >= this.first) throw new Error(`${name} holds records of the same offsets`);
    }
  }

  /** Leaves nothing of the file. */
  async drop(): Promise<void> {
    await this.#handle?.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
  }
}
