import type { StateEntry } from '../log/state-log.ts';

export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export interface OffsetOf extends CommittedOffset {
  readonly topic: string;
  readonly partition: number;
}

export type Save = (entries: readonly StateEntry[]) => void;

type Offsets = Map<string, OffsetOf>;

/** Offsets that groups have committed, and those of transactions that are still open. */
export class OffsetStore {
  readonly #save: Save;
  readonly #committed = new Map<string, Offsets>();
  /** By producer id, then group. */
  readonly #pending = new Map<number, Map<string, Offsets>>();

  /** @param save - writes entries to the state log; it throws when it cannot. */
  constructor(save: Save) {
    this.#save = save;
  }

  /** Takes in an entry of the state log. */
  restore(key: readonly unknown[], value: unknown): void {
    const offset = value as OffsetOf;
    if (key[0] === 'offset') put(this.#committed, String(key[1]), offset);
    else put(this.#pendingOf(Number(key[1])), String(key[2]), offset);
  }

  get groups(): Iterable<string> {
    return this.#committed.keys();
  }

  has(group: string): boolean {
    return this.#committed.has(group);
  }

  find(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#committed.get(group)?.get(placeOf(topic, partition));
  }

  all(group: string): OffsetOf[] {
    return [...(this.#committed.get(group)?.values() ?? [])];
  }

  /** Whether an open transaction is about to change that offset. */
  isUnstable(group: string, topic: string, partition: number): boolean {
    for (const groups of this.#pending.values()) {
      if (groups.get(group)?.has(placeOf(topic, partition)) === true) return true;
    }
    return false;
  }

  commit(group: string, offsets: readonly OffsetOf[]): void {
    this.#save(offsets.map((offset) => [committedKey(group, offset), offset]));
    for (const offset of offsets) put(this.#committed, group, offset);
  }

  /** Keeps offsets until the producer's transaction ends. */
  commitPending(producerId: number, group: string, offsets: readonly OffsetOf[]): void {
    this.#save(offsets.map((offset) => [pendingKey(producerId, group, offset), offset]));
    for (const offset of offsets) put(this.#pendingOf(producerId), group, offset);
  }

  /** What is to be written when the producer's transaction ends, and what is to be done when it has been. */
  endTransaction(producerId: number, committed: boolean): { readonly entries: StateEntry[]; apply(): void } {
    const groups = this.#pending.get(producerId) ?? new Map<string, Offsets>();
    const entries: StateEntry[] = [];
    for (const [group, offsets] of groups) {
      for (const offset of offsets.values()) {
        entries.push([pendingKey(producerId, group, offset), null]);
        if (committed) entries.push([committedKey(group, offset), offset]);
      }
    }
    const apply = (): void => {
      this.#pending.delete(producerId);
      if (!committed) return;
      for (const [group, offsets] of groups) for (const offset of offsets.values()) put(this.#committed, group, offset);
    };
    return { entries, apply };
  }

  delete(group: string, places: readonly { readonly topic: string; readonly partition: number }[]): void {
    this.#save(places.map((place) => [committedKey(group, place), null]));
    const offsets = this.#committed.get(group);
    for (const { topic, partition } of places) offsets?.delete(placeOf(topic, partition));
    if (offsets?.size === 0) this.#committed.delete(group);
  }

  deleteGroup(group: string): void {
    this.delete(group, this.all(group));
    this.#committed.delete(group);
  }

  /** A topic that is made again begins without the offsets of the old one. */
  deleteTopic(topic: string): void {
    for (const group of [...this.#committed.keys()]) {
      const places = this.all(group).filter((offset) => offset.topic === topic);
      if (places.length > 0) this.delete(group, places);
    }
  }

  #pendingOf(producerId: number): Map<string, Offsets> {
    let groups = this.#pending.get(producerId);
    if (groups === undefined) {
      groups = new Map();
      this.#pending.set(producerId, groups);
    }
    return groups;
  }
}

type Place = { readonly topic: string; readonly partition: number };

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

const committedKey = (group: string, { topic, partition }: Place): string =>
  JSON.stringify(['offset', group, topic, partition]);

const pendingKey = (producerId: number, group: string, { topic, partition }: Place): string =>
  JSON.stringify(['pending', producerId, group, topic, partition]);

function put(groups: Map<string, Offsets>, group: string, offset: OffsetOf): void {
  let offsets = groups.get(group);
  if (offsets === undefined) {
    offsets = new Map();
    groups.set(group, offsets);
  }
  offsets.set(placeOf(offset.topic, offset.partition), offset);
}
