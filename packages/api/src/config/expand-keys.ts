import { MillraceError } from '../errors/millrace-error.ts';
import type { AliasedKeys, ConfigEntry, ConfigKey, ConfigKeys, KeyNames, RawConfig } from './config-key.ts';

/** A key in its place: those of an alias exist once per alias. */
export interface Slot {
  readonly key: ConfigKey;
  readonly name: string;
  /** What stands before the key's own name. */
  readonly prefix: string;
  readonly group: string | null;
  readonly order: number;
}

export interface Expansion {
  /** In the order in which Java prints them: those of aliases come last. */
  readonly slots: readonly Slot[];
  /** The configuration, from the value of each slot. */
  readonly build: (take: (slot: Slot) => unknown) => Readonly<Record<string, unknown>>;
}

interface Scope {
  readonly slots: Slot[];
  readonly build: (take: (slot: Slot) => unknown, rest: Rest) => Readonly<Record<string, unknown>>;
}

type Rest = (prefix: string) => ReadonlyMap<string, string>;

/** Puts keys in their places, given the aliases that the user has named. */
export function expandKeys(keys: ConfigKeys, raw: RawConfig): Expansion {
  const { slots, build } = expandScope(keys, raw, '', undefined);
  const claimed = new Set<string>();
  for (const { name, key, prefix } of slots) {
    if (claimed.has(name)) throw new MillraceError(`The configuration key ${name} is defined twice`);
    claimed.add(name);
    for (const alias of key.aliases ?? []) claimed.add(prefix + alias);
  }
  const rest: Rest = (prefix) =>
    new Map(
      Object.entries(raw)
        .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        .filter(([name]) => name.startsWith(prefix) && !claimed.has(name))
        .map(([name, text]) => [name.slice(prefix.length), text]),
    );
  return { slots, build: (take) => build(take, rest) };
}

/** The names under which the user has set the key: its own, else an old one that is set, else its own. */
export function writtenNames({ key, name, prefix }: Slot, raw: RawConfig): KeyNames {
  const old = isSet(raw, name) ? undefined : key.aliases?.find((alias) => isSet(raw, prefix + alias));
  return old === undefined ? { full: name, short: key.name } : { full: prefix + old, short: old };
}

export function writtenText(slot: Slot, raw: RawConfig): string | null | undefined {
  const { full } = writtenNames(slot, raw);
  return isSet(raw, full) ? raw[full] : undefined;
}

export function isSet(raw: RawConfig, name: string): boolean {
  return Object.hasOwn(raw, name) && raw[name] !== undefined;
}

function expandScope(keys: ConfigKeys, raw: RawConfig, prefix: string, aliasGroup: string | undefined): Scope {
  const entries = Object.entries(keys);
  const own = placeKeys(
    entries.map(([, entry]) => keyOf(entry)).filter((key) => key !== undefined),
    prefix,
    aliasGroup,
  );
  const slotOf = new Map(own.map((slot) => [slot.key, slot]));
  const members = new Map<AliasedKeys, ReadonlyMap<string, Scope>>();
  for (const [, entry] of entries) {
    if (entry.kind === 'aliased') members.set(entry, expandAliases(entry, slotOf.get(entry.list)!, raw));
  }
  const later = [...members.values()].flatMap((scopes) => [...scopes.values()].flatMap((scope) => scope.slots));

  function valueOfEntry(entry: ConfigEntry, take: (slot: Slot) => unknown, rest: Rest): unknown {
    if (entry.kind === 'key') return take(slotOf.get(entry)!);
    if (entry.kind === 'prefixed') return rest(prefix + entry.prefix);
    return new Map([...members.get(entry)!].map(([alias, scope]) => [alias, scope.build(take, rest)]));
  }

  return {
    slots: [...own, ...later],
    build: (take, rest) =>
      Object.fromEntries(entries.map(([property, entry]) => [property, valueOfEntry(entry, take, rest)])),
  };
}

function expandAliases(entry: AliasedKeys, list: Slot, raw: RawConfig): ReadonlyMap<string, Scope> {
  const aliases = entry.list.read(writtenText(list, raw), writtenNames(list, raw)).value ?? [];
  const scopes = new Map<string, Scope>();
  for (const alias of aliases.filter((name) => name !== '')) {
    if (scopes.has(alias)) continue;
    const prefix = `${list.prefix}${entry.prefix}${alias}.`;
    const keys = entry.keysOf(alias, entriesUnder(prefix, raw));
    scopes.set(alias, expandScope(keys, raw, prefix, entry.groupOf(alias)));
  }
  return scopes;
}

/** Top-level keys keep their groups; those of an alias are sorted and counted as Java's `ConfigDef.embed` does. */
function placeKeys(keys: readonly ConfigKey[], prefix: string, aliasGroup: string | undefined): Slot[] {
  if (aliasGroup !== undefined) {
    return sortAsEmbedded(keys).map((key, order) => ({
      key,
      name: prefix + key.name,
      prefix,
      group: key.group === undefined ? aliasGroup : `${aliasGroup}: ${key.group}`,
      order,
    }));
  }
  const counts = new Map<string, number>();
  return keys.map((key) => {
    const group = key.group ?? null;
    const place = group === null ? -1 : (counts.get(group) ?? 0) + 1;
    if (group !== null) counts.set(group, place);
    return { key, name: prefix + key.name, prefix, group, order: key.order ?? place };
  });
}

function sortAsEmbedded(keys: readonly ConfigKey[]): readonly ConfigKey[] {
  const groups = [...new Set(keys.map((key) => key.group).filter((group) => group !== undefined))];
  const importances = ['high', 'medium', 'low'];
  const rankOf = (key: ConfigKey): readonly number[] => [
    key.group === undefined ? -1 : groups.indexOf(key.group),
    key.order ?? Number.MAX_SAFE_INTEGER,
    key.required ? 0 : 1,
    importances.indexOf(key.importance ?? 'medium'),
  ];
  return keys
    .map((key) => ({ key, rank: rankOf(key) }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || (a.key.name < b.key.name ? -1 : 1))
    .map(({ key }) => key);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

function keyOf(entry: ConfigEntry): ConfigKey | undefined {
  if (entry.kind === 'prefixed') return undefined;
  return entry.kind === 'key' ? entry : entry.list;
}

function entriesUnder(prefix: string, raw: RawConfig): RawConfig {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, text]) => [name.slice(prefix.length), text]),
  );
}
