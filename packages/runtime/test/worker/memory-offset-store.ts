import type { OffsetMap } from '@millrace/api';
import type { OffsetEntry } from '../../src/offsets/offset-entry.ts';
import { encodeOffsetKey } from '../../src/offsets/offset-json.ts';
import type { OffsetStore } from '../../src/offsets/offset-store.ts';

/** Offsets that last as long as the test. */
export function createMemoryOffsetStore(): OffsetStore {
  const stored = new Map<string, Map<string, OffsetEntry>>();
  const of = (connector: string) => stored.get(connector) ?? new Map<string, OffsetEntry>();
  return {
    start: async () => undefined,
    read: async (connector, partitions) =>
      partitions.map((partition): OffsetMap | null => of(connector).get(meaning(partition))?.offset ?? null),
    readAll: async (connector) => [...of(connector).values()],
    keys: async (connector, partitions) =>
      partitions.map((partition) => ({ key: encodeOffsetKey(connector, partition), obsolete: [] })),
    write: async (connector, entries) => {
      const entriesOf = of(connector);
      stored.set(connector, entriesOf);
      for (const entry of entries) entriesOf.set(meaning(entry.partition), entry);
    },
    close: async () => undefined,
  };
}

function meaning(partition: OffsetMap): string {
  const names = Object.keys(partition).toSorted();
  return names.map((name) => `${name}=${partition[name]}`).join();
}
