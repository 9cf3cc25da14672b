import type { OffsetMap } from '@millrace/api';

/** How far a partition of a source was read; `null` forgets it. */
export interface OffsetEntry {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap | null;
}

/**
 * Where the offset of a partition is stored. Keys that mean the same may differ in their bytes, because Java writes
 * maps in whatever order they have: one of them counts, and whoever writes to it deletes the others.
 */
export interface OffsetKey {
  readonly key: Uint8Array;
  readonly obsolete: readonly Uint8Array[];
}
