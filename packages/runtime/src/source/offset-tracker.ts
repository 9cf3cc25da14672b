import type { OffsetMap } from '@millrace/api';
import type { SourcePartition, Stretch } from './source-partition.ts';

/** Offsets by partition; `null` forgets one. */
export type Offsets = Map<SourcePartition, OffsetMap | null>;

/**
 * Knows which offsets may be committed: in each partition the last one of the acknowledged prefix, in the order of polling.
 * A partition that is stuck holds back no other one.
 */
export class OffsetTracker {
  #committable: Offsets = new Map();

  /** Where the next record of this batch and partition belongs. */
  stretch(partition: SourcePartition, batch: object): Stretch {
    const { last } = partition;
    if (last !== undefined && last.batch === batch) return last;
    const added: Stretch = { partition, batch, offset: null, outstanding: 0, previous: last, next: undefined };
    if (last === undefined) partition.first = added;
    else last.next = added;
    partition.last = added;
    return added;
  }

  /** Some of a stretch's records are done with. */
  done(stretch: Stretch, count: number): void {
    stretch.outstanding -= count;
    if (stretch.outstanding > 0) return;
    const { partition, previous, next } = stretch;
    if (partition.first === stretch) {
      let head: Stretch | undefined = stretch;
      for (; head !== undefined && head.outstanding === 0; head = head.next) {
        this.#committable.set(partition, head.offset);
        unlink(head);
      }
    } else {
      // Of two neighbours that are done only the later one matters: behind a stuck record nothing piles up.
      if (previous?.outstanding === 0) unlink(previous);
      if (next?.outstanding === 0) unlink(stretch);
    }
  }

  /** What may be committed and was not taken before. */
  take(): Offsets {
    const taken = this.#committable;
    this.#committable = new Map();
    return taken;
  }

  /** Gives back what could not be committed; what has become committable since is newer. */
  restore(offsets: Offsets): void {
    for (const [partition, offset] of offsets) {
      if (!this.#committable.has(partition)) this.#committable.set(partition, offset);
    }
  }
}

function unlink(stretch: Stretch): void {
  const { partition, previous, next } = stretch;
  if (previous === undefined) partition.first = next;
  else previous.next = next;
  if (next === undefined) partition.last = previous;
  else next.previous = previous;
}
