import type { OffsetMap } from '@millrace/api';
import type { OffsetEntry, OffsetKey } from './offset-entry.ts';
import { decodeOffsetKey, decodeOffsetValue, encodeOffsetKey, partitionMeaning } from './offset-json.ts';

/** What the topic has for one key. */
interface StoredOffset {
  readonly key: Buffer;
  /** `null`: it was deleted. */
  readonly offset: OffsetMap | null;
  readonly timestamp: number;
  /** Of the topic: a key is in another one after partitions were added. */
  readonly kafkaPartition: number;
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
  apply(key: Buffer, value: Buffer | null, timestamp: number, kafkaPartition = 0): boolean {
    const decoded = decodeOffsetKey(key);
    if (decoded === undefined) return false;
    const offset = value === null ? null : decodeOffsetValue(value);
    if (offset === undefined) return false;
    const { connector, partition } = decoded;
    const partitions = this.#connectors.get(connector) ?? new Map<string, StoredPartition>();
    const meaning = partitionMeaning(partition);
    const stored = partitions.get(meaning) ?? { partition, keys: new Map<string, StoredOffset>() };
    const name = key.toString('latin1');
    const before = stored.keys.get(name);
    // Within a partition the order is that of the log, whatever the clocks of the writers say.
    if (before !== undefined && before.kafkaPartition !== kafkaPartition && before.timestamp > timestamp) return true;
    stored.keys.delete(name);
    // Fetched bytes are kept alive whole by a view: what stays is copied.
    stored.keys.set(name, { key: Buffer.from(key), offset, timestamp, kafkaPartition });
    partitions.set(meaning, stored);
    this.#connectors.set(connector, partitions);
    return true;
  }

  get(connector: string, partition: OffsetMap): OffsetMap | null {
    const stored = this.#connectors.get(connector)?.get(partitionMeaning(partition));
    return (stored === undefined ? undefined : winner(connector, stored))?.offset ?? null;
  }

  all(connector: string): OffsetEntry[] {
    return [...(this.#connectors.get(connector)?.values() ?? [])].flatMap((stored) => {
      const found = winner(connector, stored);
      return found === undefined ? [] : [{ partition: stored.partition, offset: found.offset }];
    });
  }

  /** Where the next offset of this partition is written, and what is deleted then. */
  keyOf(connector: string, partition: OffsetMap): OffsetKey {
    const stored = this.#connectors.get(connector)?.get(partitionMeaning(partition));
    const found = stored === undefined ? undefined : winner(connector, stored);
    if (stored === undefined || found === undefined)
      return { key: encodeOffsetKey(connector, partition), obsolete: [] };
    const others = [...stored.keys.values()].filter((other) => other !== found && other.offset !== null);
    return { key: found.key, obsolete: others.map(({ key }) => key) };
  }
}

/** `undefined` where all of them were deleted. */
function winner(connector: string, { partition, keys }: StoredPartition): StoredOffset | undefined {
  const inJavaOrder = keys.size > 1 ? keys.get(encodeOffsetKey(connector, partition).toString('latin1')) : undefined;
  if (inJavaOrder !== undefined && inJavaOrder.offset !== null) return inJavaOrder;
  let newest: StoredOffset | undefined;
  for (const stored of keys.values()) {
    if (stored.offset !== null && (newest === undefined || stored.timestamp >= newest.timestamp)) newest = stored;
  }
  return newest;
}
