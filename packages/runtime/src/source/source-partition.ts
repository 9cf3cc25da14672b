import type { OffsetMap } from '@millrace/api';

/** A partition of the source: one object, however many objects of records mean it. */
export interface SourcePartition {
  /** Frozen, and a copy: nobody changes what offsets are kept under. */
  readonly partition: OffsetMap;
  /** Records that are on their way, the oldest first. */
  first: Stretch | undefined;
  last: Stretch | undefined;
}

/** The records of one batch that come from one partition. */
export interface Stretch {
  readonly partition: SourcePartition;
  readonly batch: object;
  /** Of the last record. */
  offset: OffsetMap | null;
  /** Records that are not done with. */
  outstanding: number;
  previous: Stretch | undefined;
  next: Stretch | undefined;
}
