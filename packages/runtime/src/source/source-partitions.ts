import type { OffsetMap } from '@millrace/api';
import { partitionMeaning } from '../offsets/offset-json.ts';
import type { SourcePartition } from './source-partition.ts';

/** Finds partitions by the identity of their object, else by what it means. Forgets those that nobody refers to. */
export class SourcePartitions {
  readonly #byIdentity = new WeakMap<OffsetMap, SourcePartition>();
  readonly #byMeaning = new Map<string, WeakRef<SourcePartition>>();
  readonly #forgotten = new FinalizationRegistry<string>((meaning) => {
    if (this.#byMeaning.get(meaning)?.deref() === undefined) this.#byMeaning.delete(meaning);
  });

  find(partition: OffsetMap): SourcePartition {
    const interned = this.#byIdentity.get(partition);
    if (interned !== undefined) return interned;
    const meaning = partitionMeaning(partition);
    const known = this.#byMeaning.get(meaning)?.deref();
    if (known !== undefined) return known;
    const found: SourcePartition = { partition: Object.freeze({ ...partition }), first: undefined, last: undefined };
    this.#byIdentity.set(found.partition, found);
    this.#byMeaning.set(meaning, new WeakRef(found));
    this.#forgotten.register(found, meaning);
    return found;
  }

  /** The one object for what the partition means. */
  intern(partition: OffsetMap): OffsetMap {
    return this.find(partition).partition;
  }
}
