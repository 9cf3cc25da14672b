import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Logger, MillraceError, type OffsetMap } from '@millrace/api';
import { decodeJavaMap, encodeJavaMap, type JavaMapEntry } from './file-java-map.ts';
import { replaceFile } from './file-replace.ts';
import type { OffsetEntry, OffsetKey } from './offset-entry.ts';
import { OffsetIndex } from './offset-index.ts';
import { encodeOffsetValue } from './offset-json.ts';
import type { OffsetStore } from './offset-store.ts';

export interface FileOffsetStoreOptions {
  /** `offset.storage.file.filename`; from the working directory when it is relative, as in Java. */
  readonly file: string;
  readonly log: Logger;
}

/** Keeps offsets in one file, in Java's format, for workers that stand alone. No two workers may use the same file. */
export function createFileOffsetStore(options: FileOffsetStoreOptions): OffsetStore {
  return new FileOffsetStore(options);
}

/** What the file holds, by the bytes of the keys. */
type Contents = ReadonlyMap<string, JavaMapEntry>;

interface PendingWrite {
  readonly changes: readonly { readonly key: Buffer; readonly value: Buffer | null }[];
  readonly done: PromiseWithResolvers<void>;
}

class FileOffsetStore implements OffsetStore {
  readonly #log: Logger;
  readonly #index = new OffsetIndex();
  #path: string;
  #mode: number | undefined;
  #contents: Contents = new Map();
  /** Of the file as this store has read or written it. */
  #version: string | undefined;
  #pending: PendingWrite[] = [];
  #writing: Promise<void> | undefined;
  #state: 'new' | 'started' | 'closed' = 'new';

  constructor({ file, log }: FileOffsetStoreOptions) {
    this.#path = resolve(file);
    this.#log = log;
  }

  async start(): Promise<void> {
    const bytes = await this.#load();
    await this.#checkDirectory();
    if (bytes === undefined) this.#log.info(`There are no offsets in ${this.#path} yet: sources begin anew.`);
    else this.#take(bytes);
    this.#version = await this.#currentVersion();
    this.#state = 'started';
  }

  async read(connector: string, partitions: readonly OffsetMap[]): Promise<readonly (OffsetMap | null)[]> {
    return partitions.map((partition) => this.#index.get(connector, partition));
  }

  async readAll(connector: string): Promise<readonly OffsetEntry[]> {
    return this.#index.all(connector);
  }

  async keys(connector: string, partitions: readonly OffsetMap[]): Promise<readonly OffsetKey[]> {
    return partitions.map((partition) => this.#index.keyOf(connector, partition));
  }

  async write(connector: string, entries: readonly OffsetEntry[]): Promise<void> {
    if (this.#state !== 'started') {
      throw new MillraceError(`Offsets cannot be written to ${this.#path}: the store is ${this.#state}.`);
    }
    const changes = entries.flatMap(({ partition, offset }) => {
      const { key, obsolete } = this.#index.keyOf(connector, partition);
      const value = offset === null ? null : encodeOffsetValue(offset);
      return [{ key: Buffer.from(key), value }, ...obsolete.map((other) => ({ key: Buffer.from(other), value: null }))];
    });
    const done = Promise.withResolvers<void>();
    this.#pending.push({ changes, done });
    this.#writing ??= this.#writePending();
    await done.promise;
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    await this.#writing;
  }

  /** Everything that comes while the file is being written goes into the next one together. */
  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0);
      try {
        await this.#replace(batch.flatMap(({ changes }) => changes));
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #replace(changes: PendingWrite['changes']): Promise<void> {
    const contents = new Map(this.#contents);
    for (const { key, value } of changes) {
      if (value === null) contents.delete(nameOf(key));
      else contents.set(nameOf(key), { key, value });
    }
    if ((await this.#currentVersion()) !== this.#version) {
      throw this.#error(
        'was changed by somebody else. Give each worker a file of its own, and start this one again; nothing was written',
      );
    }
    try {
      await replaceFile(this.#path, encodeJavaMap([...contents.values()]), this.#mode);
    } catch (cause) {
      throw this.#error(`could not be written: ${reasonOf(cause)}${remedyOf(cause)}`, cause);
    } finally {
      // Also after a failure: the rename may have happened, and then the file is this store's own.
      this.#version = await this.#currentVersion();
    }
    this.#contents = contents;
    for (const { key, value } of changes) this.#index.apply(key, value, 0);
  }

  async #checkDirectory(): Promise<void> {
    const directory = dirname(this.#path);
    try {
      await access(directory, constants.W_OK);
    } catch (cause) {
      throw this.#error(
        `cannot be kept: its directory ${directory} is not there or not writable (${reasonOf(cause)}). Create it, or ` +
          'name another file in offset.storage.file.filename',
        cause,
      );
    }
  }

  /** `undefined` when there is no file. */
  async #load(): Promise<Buffer | undefined> {
    try {
      // A link stays a link: what it points to is replaced.
      this.#path = await realpath(this.#path);
      this.#mode = (await stat(this.#path)).mode & 0o777;
      return await readFile(this.#path);
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw this.#error(`could not be read: ${reasonOf(cause)}. Let this user read and write it`, cause);
    }
  }

  #take(bytes: Buffer): void {
    const contents = new Map<string, JavaMapEntry>();
    let strangers = 0;
    for (const entry of this.#decode(bytes)) {
      const { key, value } = entry;
      const known = key !== null && this.#index.apply(key, value, 0);
      if (known && value === null) continue;
      if (!known) strangers++;
      contents.set(nameOf(key), entry);
    }
    this.#contents = contents;
    if (strangers > 0) {
      this.#log.warn(`${strangers} entries of ${this.#path} are no offsets of sources; they are kept as they are.`);
    }
  }

  #decode(bytes: Buffer): readonly JavaMapEntry[] {
    try {
      return decodeJavaMap(bytes);
    } catch (cause) {
      throw this.#error(
        `holds no offsets that can be read: ${reasonOf(cause)}. Put back a copy of it; or remove it, and sources begin ` +
          'anew and write again what they have written before',
        cause,
      );
    }
  }

  async #currentVersion(): Promise<string | undefined> {
    try {
      const { ino, size, mtimeNs } = await stat(this.#path, { bigint: true });
      return `${ino} ${size} ${mtimeNs}`;
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw this.#error(`could not be looked at: ${reasonOf(cause)}`, cause);
    }
  }

  #error(what: string, cause?: unknown): MillraceError {
    return new MillraceError(`The offsets file ${this.#path} ${what}.`, { code: 'OFFSET_FILE', cause });
  }
}

function nameOf(key: Buffer | null): string {
  return key === null ? '' : key.toString('latin1');
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function remedyOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return '. Make room; the offsets of before are still there';
    case 'EBUSY':
      return '. It is mounted by itself and cannot be replaced: mount its directory instead';
    default:
      return '';
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
