import type { ConfigKeys, RawConfig, Reading } from './config-key.ts';
import { type Expansion, expandKeys, isSet, type Slot, writtenNames, writtenText } from './expand-keys.ts';

/** A slot with what the user's configuration gave for it. */
export interface ReadSlot {
  readonly slot: Slot;
  readonly reading: Reading<unknown>;
  /** The key as the user wrote it: its name, or an old one. */
  readonly writtenAs: string;
}

export interface ReadKeys {
  readonly expansion: Expansion;
  readonly read: ReadonlyMap<Slot, ReadSlot>;
  readonly warnings: readonly string[];
}

/** Reads every key, whatever is wrong with others. */
export function readKeys(keys: ConfigKeys, raw: RawConfig): ReadKeys {
  const expansion = expandKeys(keys, raw);
  const warnings: string[] = [];
  const read = new Map(expansion.slots.map((slot) => [slot, readSlot(slot, raw, warnings)]));
  return { expansion, read, warnings };
}

function readSlot(slot: Slot, raw: RawConfig, warnings: string[]): ReadSlot {
  const { key, name, prefix } = slot;
  const names = writtenNames(slot, raw);
  for (const old of (key.aliases ?? []).map((alias) => prefix + alias).filter((alias) => isSet(raw, alias))) {
    warnings.push(
      old === names.full
        ? `${old} is the old name of ${name}: use ${name}`
        : `${old} is ignored, because ${names.full} is set and means the same`,
    );
  }
  const text = writtenText(slot, raw);
  if (text !== undefined && key.deprecated !== undefined) {
    warnings.push(`${names.full} is deprecated: ${key.deprecated}`);
  }
  return { slot, reading: key.read(text, names), writtenAs: names.full };
}
