import type { AliasedKeys, ConfigKeys, ConfigOf, DefaultOption, PrefixedKeys, RawConfig } from './config-key.ts';
import { type ListOptions, list } from './plain-keys.ts';

export interface AliasedOptions<K extends ConfigKeys>
  extends Omit<ListOptions, 'validate' | 'nonEmpty' | 'unique' | 'values' | 'secret'>,
    DefaultOption<readonly string[]> {
  /** The keys of each alias; or what they are for one alias, given what the user wrote for it, without the prefix. */
  readonly keys: K | ((alias: string, raw: RawConfig) => K);
  /** What stands before an alias; the name and a dot when left out. */
  readonly prefix?: string | undefined;
}

/**
 * A list of aliases and, for each of them, the same keys: `transforms=mask`, `transforms.mask.fields=…`. The
 * configuration holds a map by alias, in the order of the list. No default: the list may be left out and is empty.
 *
 * The keys of an alias are printed in the group `GROUP: ALIAS` and as Java embeds them: first those with an `order`,
 * then the required ones, the important ones, and by name.
 */
export function aliased<const K extends ConfigKeys>(
  name: string,
  options: AliasedOptions<K>,
): AliasedKeys<ConfigOf<K>> {
  const { keys, prefix, default: aliases = [], ...rest } = options;
  const title = options.group ?? options.displayName ?? name;
  return {
    kind: 'aliased',
    list: list(name, {
      ...rest,
      default: aliases,
      validate: (items) => (new Set(items).size < items.length ? 'Duplicate alias provided.' : undefined),
    }),
    prefix: prefix ?? `${name}.`,
    groupOf: (alias) => `${title}: ${alias}`,
    keysOf: typeof keys === 'function' ? keys : () => keys,
    fixedKeys: typeof keys === 'function' ? undefined : keys,
  };
}

/**
 * Everything that starts with the prefix and is no other key, by the rest of its name. It is not checked, and not
 * printed by REST.
 */
export function prefixed(prefix: string, options: { readonly doc: string }): PrefixedKeys {
  return { kind: 'prefixed', prefix, doc: options.doc };
}
