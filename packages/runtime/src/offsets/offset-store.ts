import type { OffsetMap } from '@millrace/api';
import type { OffsetEntry, OffsetKey } from './offset-entry.ts';

/** Keeps the offsets of source connectors. Partitions are found by meaning. */
export interface OffsetStore {
  /** Resolves when everything that was stored before is known. */
  start(): Promise<void>;
  /** In the order of the partitions; `null` where there is none. */
  read(connector: string, partitions: readonly OffsetMap[]): Promise<readonly (OffsetMap | null)[]>;
  readAll(connector: string): Promise<readonly OffsetEntry[]>;
  /** Under which keys a task writes them by itself. */
  keys(connector: string, partitions: readonly OffsetMap[]): Promise<readonly OffsetKey[]>;
  /** Resolves when all of them are stored; a rejected write may have stored some. */
  write(connector: string, entries: readonly OffsetEntry[]): Promise<void>;
  /** A task has written these by itself, and they are committed; for stores that keep a copy. */
  committed?(connector: string, entries: readonly OffsetEntry[]): Promise<void>;
  /** Twice is harmless. */
  close(): Promise<void>;
}
