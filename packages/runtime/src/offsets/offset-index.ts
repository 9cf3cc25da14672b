import type { OffsetMap } from '@millrace/api';
import type { OffsetEntry, OffsetKey } from './offset-entry.ts';
import { decodeOffsetKey, decodeOffsetValue, encodeOffsetKey, partitionMeaning } from './offset-json.ts';

/** One key of the topic that has an offset. */
interface StoredOffset {
  readonly key: Buffer;
  readonly offset: OffsetMap;
  readonly timestamp: number;
}

/** All keys that mean one partition; mostly one. */
interface StoredPartition {
  readonly partition: OffsetMap;
  /** By the key's bytes. The last one was written last, as far as that can be told. */
  readonly keys: Map<string, StoredOffset>;
}

/**
 * The offsets that a topic holds, found by the meaning of the partition. Of several keys that mean the same, the one
 * counts that is in the order of a Java `HashMap`; where there is none, the newest.
 */
export class OffsetIndex {
  readonly #connectors = new Map<string, Map<string, StoredPartition>>();

  /** @returns `false` when this is no offset, and then it is ignored. */
  apply(key: Buffer, value: Buffer | null, timestamp: number): boolean {
    const decoded = decodeOffsetKey(key);
    if (decoded === undefined) return false;
    const offset = value === null ? null : decodeOffsetValue(value);
    if (offset === undefined) return false;
    const { connector, partition } = decoded;
    const partitions = this.#connectors.get(connector) ?? new Map<string, StoredPartition>();
    const meaning = partitionMeaning(partition);
    const stored = partitions.get(meaning) ?? { partition, keys: new Map<string, StoredOffset>() };
    const name = key.toString('latin1');
    stored.keys.delete(name);
    // Fetched bytes are kept alive whole by a view: what stays is copied.
    if (offset !== null) stored.keys.set(name, { key: Buffer.from(key), offset, timestamp });
    if (stored.keys.size > 0) partitions.set(meaning, stored);
    else partitions.delete(meaning);
    if (partitions.size > 0) this.#connectors.set(connector, partitions);
    else this.#connectors.delete(connector);
    return true;
  }

  get(connector: string, partition: OffsetMap): OffsetMap | null {
    const stored = this.#connectors.get(connector)?.get(partitionMeaning(partition));
    return stored === undefined ? null : winner(connector, stored).offset;
  }

  all(connector: string): OffsetEntry[] {
    return [...(this.#connectors.get(connector)?.values() ?? [])].map((stored) => ({
      partition: stored.partition,
      offset: winner(connector, stored).offset,
    }));
  }

  /** Where the next offset of this partition is written, and what is deleted then. */
  keyOf(connector: string, partition: OffsetMap): OffsetKey {
    const stored = this.#connectors.get(connector)?.get(partitionMeaning(partition));
    if (stored === undefined) return { key: encodeOffsetKey(connector, partition), obsolete: [] };
    const { key } = winner(connector, stored);
    return { key, obsolete: [...stored.keys.values()].flatMap((other) => (other.key === key ? [] : [other.key])) };
  }
}

function winner(connector: string, { partition, keys }: StoredPartition): StoredOffset {
  const inJavaOrder = keys.size > 1 ? keys.get(encodeOffsetKey(connector, partition).toString('latin1')) : undefined;
  if (inJavaOrder !== undefined) return inJavaOrder;
  let newest: StoredOffset | undefined;
  for (const stored of keys.values()) {
    if (newest === undefined || stored.timestamp >= newest.timestamp) newest = stored;
  }
  return newest as StoredOffset;
}
