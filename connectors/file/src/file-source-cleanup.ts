import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from '@millrace/api';
import type { FileSourceRecord } from './file-source-batch.ts';
import type { FileSourceConfig } from './file-source-config.ts';
import { identityOf } from './file-source-identity.ts';
import type { FoundFile } from './file-source-scan.ts';

/** A file that has been read to its end. */
export interface Finished {
  readonly series: string;
  readonly inode: string;
  readonly size: number;
  path: string;
  retryAt: number;
}

const retryAfter = 60_000;

/**
 * Moves or deletes complete files, each only when the offsets of all its records are committed: it counts what was
 * given to the runtime and has not come back.
 */
export class FileSourceCleanup {
  readonly #policy: FileSourceConfig['cleanupPolicy'];
  readonly #directory: string;
  readonly #log: Logger;
  /** Records that are not committed yet. A file stays here with 0 until the offsets are stored. */
  readonly #outstanding = new Map<string, number>();
  readonly #finished = new Map<string, Finished>();

  constructor({ cleanupPolicy, cleanupDirectory }: FileSourceConfig, log: Logger) {
    this.#policy = cleanupPolicy;
    this.#directory = cleanupDirectory ?? '';
    this.#log = log;
  }

  emitted(series: string, inode: string, records: number): void {
    if (this.#policy === 'keep' || records === 0) return;
    const key = keyOf(series, inode);
    this.#outstanding.set(key, (this.#outstanding.get(key) ?? 0) + records);
  }

  /** These records are done with; their offsets may still be on their way. */
  committed(records: readonly FileSourceRecord[]): void {
    if (this.#policy === 'keep') return;
    for (let start = 0; start < records.length; ) {
      const { sourcePartition, sourceOffset } = records[start] as FileSourceRecord;
      let end = start + 1;
      while (
        records[end]?.sourceOffset?.inode === sourceOffset?.inode &&
        records[end]?.sourcePartition === sourcePartition
      ) {
        end++;
      }
      const key = keyOf(sourcePartition?.series ?? '', sourceOffset?.inode ?? '');
      this.#outstanding.set(key, (this.#outstanding.get(key) ?? 0) - (end - start));
      start = end;
    }
  }

  /** The offsets of everything committed so far are stored. */
  stored(): void {
    for (const [key, count] of this.#outstanding) if (count <= 0) this.#outstanding.delete(key);
  }

  finished(series: string, inode: string, path: string, size: number): void {
    if (this.#policy === 'keep') return;
    this.#finished.set(keyOf(series, inode), { series, inode, path, size, retryAt: 0 });
  }

  /** Files may be renamed before their turn comes. */
  locate(series: string, files: readonly FoundFile[]): void {
    if (this.#finished.size === 0) return;
    for (const { inode, path } of files) {
      const finished = this.#finished.get(keyOf(series, inode));
      if (finished !== undefined) finished.path = path;
    }
  }

  /**
   * Cleans up what may be.
   *
   * @returns the files that are no longer where they were.
   */
  async run(now: number): Promise<readonly Finished[]> {
    const cleaned: Finished[] = [];
    for (const [key, file] of this.#finished) {
      if (this.#outstanding.has(key) || now < file.retryAt) continue;
      try {
        if (await this.#clean(file)) {
          cleaned.push(file);
          this.#log.info('File is done with.', { path: file.path, policy: this.#policy });
        }
        this.#finished.delete(key);
      } catch (error) {
        file.retryAt = now + retryAfter;
        this.#log.error('File is done with and cannot be cleaned up; trying again in a minute.', {
          path: file.path,
          policy: this.#policy,
          error: (error as Error).message,
        });
      }
    }
    return cleaned;
  }

  /** `false` when there is another file now, or more in it: then it will be read, and finished, again. */
  async #clean({ path, inode, size }: Finished): Promise<boolean> {
    const stats = await lstat(path, { bigint: true }).catch(absent);
    if (stats === undefined || identityOf(stats) !== inode || Number(stats.size) !== size) return false;
    if (this.#policy === 'delete') {
      await rm(path);
      return true;
    }
    await mkdir(this.#directory, { recursive: true });
    const target = join(this.#directory, basename(path));
    const isTaken = (await lstat(target).catch(absent)) !== undefined;
    await rename(path, isTaken ? `${target}.${inode}` : target);
    return true;
  }
}

function keyOf(series: string, inode: string): string {
  return `${inode}:${series}`;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
