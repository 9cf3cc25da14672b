import type { Logger, OffsetMap } from '@millrace/api';
import type { OffsetEntry } from './offset-entry.ts';
import { partitionMeaning } from './offset-json.ts';
import type { OffsetStore } from './offset-store.ts';

/**
 * A connector's own store over that of the worker, as for `offsets.storage.topic`: what the connector's store has counts.
 * A deletion goes to the worker's store first, so that what was deleted cannot come back through it; anything else goes
 * there afterwards, and a failure of that is only logged.
 */
export function layeredOffsetStore(own: OffsetStore, worker: OffsetStore, log: Logger): OffsetStore {
  let last: Promise<void> = Promise.resolve();
  return {
    start: () => own.start(),
    read: async (connector, partitions) => {
      const [first, second] = await Promise.all([own.read(connector, partitions), worker.read(connector, partitions)]);
      return partitions.map((_, index): OffsetMap | null => first[index] ?? second[index] ?? null);
    },
    readAll: async (connector) => {
      const [first, second] = await Promise.all([own.readAll(connector), worker.readAll(connector)]);
      const known = new Set(first.map(({ partition }) => partitionMeaning(partition)));
      return [...first, ...second.filter(({ partition }) => !known.has(partitionMeaning(partition)))];
    },
    keys: (connector, partitions) => own.keys(connector, partitions),
    write: (connector, entries) => {
      // One after the other: a write that waits for one of the stores must not be overtaken by a later one.
      const written = last.then(() => write(connector, entries));
      last = written.catch(() => undefined);
      return written;
    },
    committed: (connector, entries) => copy(connector, entries),
    close: () => own.close(),
  };

  async function write(connector: string, entries: readonly OffsetEntry[]): Promise<void> {
    const deletions = entries.filter(({ offset }) => offset === null);
    if (deletions.length > 0) await worker.write(connector, deletions);
    await own.write(connector, entries);
    const offsets = entries.filter(({ offset }) => offset !== null);
    if (offsets.length > 0) await copy(connector, offsets);
  }

  async function copy(connector: string, entries: readonly OffsetEntry[]): Promise<void> {
    try {
      await worker.write(connector, entries);
    } catch (error) {
      log.warn(`The offsets of ${connector} are in its own topic, but could not be copied to the worker's.`, { error });
    }
  }
}
