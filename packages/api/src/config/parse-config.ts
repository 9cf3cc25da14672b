import { ConfigError, type ConfigProblem } from '../errors/errors.ts';
import type { ConfigEntry, ConfigKeys, ConfigOf, RawConfig } from './config-key.ts';
import type { Slot } from './expand-keys.ts';
import { readKeys } from './read-keys.ts';
import { similarName } from './similar-name.ts';

export interface ParseOptions {
  /**
   * Warns about a key that nobody reads and that looks like one of these keys or of those that others read: names, and
   * prefixes that end in a dot. Left out: no such warnings.
   */
  readonly suggest?: { readonly known: readonly string[] } | undefined;
}

export interface ParsedConfig<K extends ConfigKeys> {
  readonly config: ConfigOf<K>;
  /** Sentences for the log. */
  readonly warnings: readonly string[];
}

/**
 * The typed configuration. Keys that are not defined are not looked at, as in Java.
 *
 * @throws ConfigError that names everything that is wrong.
 */
export function parseConfig<K extends ConfigKeys>(
  keys: K,
  raw: RawConfig,
  options: ParseOptions = {},
): ParsedConfig<K> {
  const { expansion, read, warnings } = readKeys(keys, raw);
  const problems: ConfigProblem[] = [...read.values()].flatMap(({ reading, writtenAs }) =>
    reading.problems.map((message) => ({ key: writtenAs, message })),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  const { suggest } = options;
  return {
    config: expansion.build((slot) => read.get(slot)?.reading.value) as ConfigOf<K>,
    warnings:
      suggest === undefined ? warnings : [...warnings, ...suggestions(keys, expansion.slots, raw, suggest.known)],
  };
}

function suggestions(
  keys: ConfigKeys,
  slots: readonly Slot[],
  raw: RawConfig,
  known: readonly string[],
): readonly string[] {
  const names = slots.flatMap(({ key, name, prefix }) => [name, ...(key.aliases ?? []).map((alias) => prefix + alias)]);
  const defined = new Set([...names, ...known]);
  const prefixes = [...known.filter((name) => name.endsWith('.')), ...Object.values(keys).flatMap(prefixesOf)];
  return Object.keys(raw)
    .filter((name) => !defined.has(name) && !prefixes.some((prefix) => name.startsWith(prefix)))
    .flatMap((name) => {
      const similar = similarName(name, defined);
      return similar === undefined ? [] : [`Unknown key ${name}: did you mean ${similar}?`];
    });
}

function prefixesOf(entry: ConfigEntry): readonly string[] {
  return entry.kind === 'prefixed' ? [entry.prefix] : [];
}
