import { basename } from 'node:path';
import { DataError, type Logger, MillraceError, SourceRecord } from '@millrace/api';
import { createReader, type ReaderOptions, type RecordReader } from '@millrace/files';
import type { FileSourceBatch, FileSourceOffset, FileSourcePartition } from './file-source-batch.ts';
import type { FileSourceCleanup } from './file-source-cleanup.ts';
import type { FileSourceTaskConfig } from './file-source-config.ts';
import type { Content } from './file-source-content.ts';
import { longestHead, parseContents, printContents } from './file-source-content.ts';
import { type FileInput, hashOf, isCompressed, openInput } from './file-source-input.ts';
import { KnownContents } from './file-source-known.ts';
import { type FoundFile, isClosedToUs } from './file-source-scan.ts';

/** What all series of a task share. */
export interface SeriesSettings {
  readonly config: FileSourceTaskConfig;
  readonly reader: ReaderOptions;
  readonly cleanup: FileSourceCleanup;
  readonly log: Logger;
  /** Memory to read into; series are read one after another. */
  readonly chunk: Buffer;
}

/** The file that is being read. */
interface Current {
  readonly inode: string;
  readonly input: FileInput;
  readonly reader: RecordReader;
  readonly compressed: boolean;
  path: string;
  head: string;
  headBytes: number;
  /** As the last scan has found it; `undefined` when it has no name any more. */
  found: FoundFile | undefined;
  /** When a scan last found it other than before, by our clock: that of a file server may be ahead. */
  changedAt: number;
  /** The file has changed since its head was looked at. */
  mustCompare: boolean;
  /** Since when newer files have waited for it; infinite once that was said. */
  waitedForSince: number | undefined;
}

/** Offsets of a series must fit into one message of Kafka, which takes 1 MiB. */
export const longestKnown = 768 << 10;
/** So long newer files wait without a word. */
const silentWait = 60_000;

/**
 * One series: a file that is written, and those it was before it was rotated. They are read one after another, oldest
 * first, each to its end. Every offset says how far the current file was read and what is known of the others, so that
 * no content is read twice under another name.
 */
export class FileSeries {
  /** The path of the file that is written; also the name of the series. */
  readonly path: string;
  readonly #partition: FileSourcePartition;
  readonly #settings: SeriesSettings;
  readonly #known: KnownContents;
  #files: readonly FoundFile[] = [];
  #current: Current | undefined;
  /** Something has changed, or time must pass: `read` has something to do. */
  #due = false;
  #knownText: string | undefined;

  constructor(partition: FileSourcePartition, stored: FileSourceOffset | undefined, settings: SeriesSettings) {
    this.path = partition.series;
    this.#partition = partition;
    this.#settings = settings;
    this.#known = new KnownContents(stored === undefined ? [] : contentsOf(stored));
  }

  /** Whether `read` may give something now. */
  get isDue(): boolean {
    return this.#due;
  }

  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  /** Takes what a scan has found. */
  update(files: readonly FoundFile[], now: number): void {
    this.#files = files;
    this.#known.update(files, now);
    this.#settings.cleanup.locate(this.path, files);
    const current = this.#current;
    if (current === undefined) {
      this.#due = files.some((file) => this.#known.mayHaveMore(file));
      return;
    }
    const found = files.find(({ inode }) => inode === current.inode);
    if (found !== undefined && found.path !== current.path) {
      this.#settings.log.info('File was renamed; reading on.', { from: current.path, to: found.path });
      current.path = found.path;
    }
    const changed = found?.touched !== current.found?.touched || found?.size !== current.found?.size;
    if (changed) current.changedAt = now;
    current.mustCompare ||= changed && found !== undefined;
    current.found = found;
    const mayFinish = this.#mayFinish(current);
    if (mayFinish && found !== undefined) this.#warnOfWaiting(current, now);
    else current.waitedForSince = undefined;
    this.#due = changed || mayFinish || this.#settings.config.completeAfter !== null;
  }

  /** The file was cleaned up: whatever has its inode next is another one. */
  forget(inode: string): void {
    this.#known.forget(inode);
    this.#knownText = undefined;
  }

  /** Adds records to the batch until it is full (`true`), or until there are none now (`false`). */
  async read(batch: FileSourceBatch): Promise<boolean> {
    for (;;) {
      this.#current ??= await this.#openNext();
      const current = this.#current;
      if (current === undefined) break;
      if (current.mustCompare && !(await this.#isSame(current))) break;
      if (!this.#drain(current, batch)) return true;
      const chunk = await this.#readOrLeave(current);
      if (chunk === null) continue;
      if (chunk !== undefined) current.reader.push(chunk);
      else if (!(await this.#finish(current, batch))) break;
    }
    this.#due = false;
    return false;
  }

  /** Nothing is open, and nothing is known that must be kept in mind. */
  get isForgotten(): boolean {
    return this.#current === undefined && this.#known.size === 0;
  }

  /** Closes the file; when there is something to do with it, the next `read` opens it again. */
  async suspend(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    const { completeAfter, cleanupPolicy } = this.#settings.config;
    const { found, input, reader } = current;
    const isDone = found?.size === input.consumed && !reader.hasRest;
    const isLeftAlone = completeAfter === null && cleanupPolicy === 'keep';
    await this.#leave(current, isDone && isLeftAlone ? (found?.size ?? -1) : -1);
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.input.close();
  }

  /** `false` when the batch is full. */
  #drain(current: Current, batch: FileSourceBatch): boolean {
    const { reader, inode, head, headBytes } = current;
    const { topic } = this.#settings.config;
    const sourcePartition = this.#partition;
    const file = basename(current.path);
    const known = this.#printKnown();
    const before = batch.records.length;
    let position = reader.position;
    try {
      while (!batch.isFull) {
        if (!this.#next(current)) return true;
        const sourceOffset = { file, inode, head, headBytes, position: reader.position, known };
        const { value, schema: valueSchema } = reader;
        const record = new SourceRecord({ topic, value, valueSchema, sourcePartition, sourceOffset });
        batch.add(record, reader.position - position);
        position = reader.position;
      }
      return false;
    } finally {
      this.#settings.cleanup.emitted(this.path, inode, batch.records.length - before);
    }
  }

  #printKnown(): string {
    this.#knownText ??= printContents(this.#known);
    if (this.#knownText.length <= longestKnown) return this.#knownText;
    throw new MillraceError(
      `${this.path}: ${this.#known.size} files of this series are more than its offset can hold. Remove the old ones, or set cleanup.policy.`,
      { code: 'TOO_MANY_FILES' },
    );
  }

  /** Gives `null` when the file is corrupt and was left. */
  async #readOrLeave(current: Current): Promise<Buffer | undefined | null> {
    try {
      return await current.input.read();
    } catch (error) {
      const { config, log } = this.#settings;
      if (!DataError.isInstance(error) || config.badRecords === 'fail') throw error;
      log.warn('Skipped the rest of a corrupt file.', { path: current.path, problem: error.message });
      await this.#leave(current, current.found?.size ?? -1);
      return null;
    }
  }

  #warnOfWaiting(current: Current, now: number): void {
    current.waitedForSince ??= now;
    if (now - current.waitedForSince < silentWait + this.#settings.config.rotatedWait) return;
    current.waitedForSince = Number.POSITIVE_INFINITY;
    this.#settings.log.warn('File is still being written; newer files of its series wait for its end.', {
      path: current.path,
      series: this.path,
    });
  }

  /** Moves the reader to the next record that is one. */
  #next(current: Current): boolean {
    for (;;) {
      try {
        return current.reader.next();
      } catch (error) {
        this.#badRecord(current, error);
      }
    }
  }

  #badRecord({ path, reader }: Current, cause: unknown): void {
    const { config, log } = this.#settings;
    const where = `${path}, in front of byte ${reader.position}`;
    if (!DataError.isInstance(cause)) {
      throw new MillraceError(`${where}: ${(cause as Error).message}`, { cause });
    }
    if (config.badRecords === 'fail') {
      throw new DataError(`${where}: ${cause.message} Set bad.records=skip to go on without it.`, { cause });
    }
    log.warn('Skipped what is no record.', { path, position: reader.position, problem: cause.message });
  }

  /** `false` when the file may still grow; otherwise it is left, for the next one. */
  async #finish(current: Current, batch: FileSourceBatch): Promise<boolean> {
    const { input, found, compressed } = current;
    const { log } = this.#settings;
    if (compressed && !input.ended) {
      log.info('Compressed file has no end yet; waiting for more of it.', { path: current.path });
      await this.#leave(current, found?.size ?? -1);
      return true;
    }
    const isComplete = compressed || this.#isQuiet(current, this.#settings.config.completeAfter);
    const isRotated = this.#mayFinish(current) && this.#isQuiet(current, this.#settings.config.rotatedWait);
    if (!isComplete && !isRotated) return false;
    // What is still written under its own name may get the rest of its last line.
    const isOver = isComplete || current.path !== this.path || found === undefined;
    if (isOver) {
      current.reader.end();
      this.#drain(current, batch);
    }
    const { path, inode } = current;
    await this.#leave(current, found?.size ?? -1);
    if (isOver && found !== undefined) this.#settings.cleanup.finished(this.path, inode, path, found.size);
    return true;
  }

  /** Whether nobody is expected to write to it: it is gone, or there is another one to read. */
  #mayFinish(current: Current): boolean {
    if (current.found === undefined) return true;
    return this.#files.some((file) => file.inode !== current.inode && this.#known.mayHaveMore(file));
  }

  #isQuiet({ found, input, changedAt }: Current, wait: number | null): boolean {
    if (wait === null || (found !== undefined && input.consumed < found.size)) return false;
    return Date.now() - Math.min(changedAt, found?.touched ?? changedAt) >= wait;
  }

  async #leave(current: Current, size: number): Promise<void> {
    const { inode, head, headBytes, reader, compressed, found } = current;
    this.#current = undefined;
    this.#remember({ inode, head, headBytes, position: reader.position, size, compressed }, found);
    await current.input.close();
  }

  #remember(content: Content, file: FoundFile | undefined): void {
    this.#known.add(content, file);
    this.#knownText = undefined;
  }

  /** Whether the file still holds what was read of it; if not, it is left and will be read from its start. */
  async #isSame(current: Current): Promise<boolean> {
    current.mustCompare = false;
    const { input, found, reader, inode, compressed } = current;
    const head = await input.head(longestHead);
    const isShorter = found !== undefined && found.size < input.consumed;
    if (
      !isShorter &&
      head.length >= current.headBytes &&
      hashOf(head.subarray(0, current.headBytes)) === current.head
    ) {
      if (head.length > current.headBytes) Object.assign(current, { head: hashOf(head), headBytes: head.length });
      return true;
    }
    this.#settings.log.warn('File was truncated or written anew; reading it from its start.', {
      path: current.path,
      position: reader.position,
    });
    this.#current = undefined;
    this.#remember({ ...current, inode: '', position: reader.position, size: -1, compressed }, undefined);
    this.#known.forget(inode);
    await input.close();
    return false;
  }

  async #openNext(): Promise<Current | undefined> {
    // First all that is known: what is in none of its files any more may be in a copy.
    for (const found of this.#files) {
      if (this.#known.mustCompare(found)) await this.#opening(found, async (_, head) => this.#compare(found, head));
    }
    for (const found of this.#files) {
      if (!this.#known.mayHaveMore(found)) continue;
      // Until the compressed copy of a file replaces it, the file itself is read.
      if (this.#files.some(({ path }) => `${path}.gz` === found.path)) continue;
      const current = await this.#opening(found, (input, head) => this.#start(found, input, head));
      if (current !== undefined) return current;
    }
    return undefined;
  }

  /** Opens a file for as long as `use` takes, or for good when that gives something. */
  async #opening<T extends Current | undefined>(
    found: FoundFile,
    use: (input: FileInput, head: Buffer) => Promise<T>,
  ): Promise<T | undefined> {
    const input = await this.#openUnlessForeign(found);
    // Renamed, or gone, since the scan; the next one sees.
    if (input === undefined) return undefined;
    let used: T | undefined;
    try {
      const head = input.inode === found.inode ? await input.head(longestHead) : undefined;
      // A compressed file shows no head until it has some length.
      const isReadable = head !== undefined && (head.length > 0 || !isCompressed(found.path));
      if (isReadable) used = await use(input, head);
      return used;
    } finally {
      if (used === undefined) await input.close();
    }
  }

  /** A file that nobody asked for, and of which nothing was read, may be closed to us. */
  async #openUnlessForeign(found: FoundFile): Promise<FileInput | undefined> {
    try {
      return await openInput(found.path, this.#settings.chunk);
    } catch (error) {
      const isForeign = !found.asked && !this.#known.has(found.inode);
      if (!isForeign || !isClosedToUs((error as Error).cause)) throw error;
      this.#known.ignore(found);
      this.#settings.log.debug('Leaving out a file that nobody asked for and that cannot be read.', {
        path: found.path,
      });
      return undefined;
    }
  }

  #compare(found: FoundFile, head: Buffer): undefined {
    const { path, inode, size } = found;
    const compressed = isCompressed(path);
    this.#knownText = undefined;
    if (!this.#known.compare(found, head, compressed)) {
      this.#settings.log.warn('File was truncated or replaced; reading it from its start.', { path });
    } else if (!this.#known.mayHaveMore(found) && (compressed || path !== this.path)) {
      // Read to its end by an earlier run, which may not have come to clean it up.
      this.#settings.cleanup.finished(this.path, inode, path, size);
    }
  }

  async #start(found: FoundFile, input: FileInput, bytes: Buffer): Promise<Current | undefined> {
    const { path, inode } = found;
    const compressed = isCompressed(path);
    const content = this.#known.take(found, bytes, compressed);
    this.#knownText = undefined;
    if (content === undefined && !found.asked) {
      this.#known.ignore(found);
      return undefined;
    }
    const reader = createReader(this.#settings.reader);
    if (content !== undefined && content.position > 0) {
      await readStart(input, reader);
      await input.restart(content.position);
      reader.restart(content.position);
    }
    const head = { head: hashOf(bytes), headBytes: bytes.length };
    return {
      ...{ inode, input, reader, compressed, path, ...head, found },
      changedAt: Date.now(),
      mustCompare: false,
      waitedForSince: undefined,
    };
  }
}

/** Reads as much of a file as is needed to understand the rest: the header of CSV. */
async function readStart(input: FileInput, reader: RecordReader): Promise<void> {
  while (reader.needsStart) {
    const chunk = await input.read();
    if (chunk === undefined) return;
    reader.push(chunk);
    while (reader.needsStart && reader.next());
  }
}

/** The stored file comes first; there may be more of it. */
function contentsOf(stored: FileSourceOffset): readonly Content[] {
  const { file, inode, head, headBytes, position, known } = stored;
  return [...parseContents(known), { inode, head, headBytes, position, size: -1, compressed: isCompressed(file) }];
}
