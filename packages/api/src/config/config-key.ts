/** Java's types, as REST answers and forms in consoles name them. */
export type ConfigType = 'STRING' | 'INT' | 'LONG' | 'SHORT' | 'DOUBLE' | 'BOOLEAN' | 'LIST' | 'PASSWORD' | 'CLASS';

export type Importance = 'high' | 'medium' | 'low';
export type Width = 'none' | 'short' | 'medium' | 'long';

/** Values by wire name, `null` where one is missing or wrong. Secret texts are `Secret`, other secret values `null`. */
export type RecommenderConfig = Readonly<Record<string, unknown>>;

/** What a form may offer, given the values of the other keys. Asks nothing outside of the process. */
export interface Recommender {
  readonly values?: ((config: RecommenderConfig) => readonly string[]) | undefined;
  /** Whether the key matters with these values. Left out: always. */
  readonly visible?: ((config: RecommenderConfig) => boolean) | undefined;
}

/** What every kind of key takes. */
export interface KeyOptions<V> {
  /** What the key is for, in full sentences. */
  readonly doc: string;
  /** `medium` when left out. */
  readonly importance?: Importance | undefined;
  readonly group?: string | undefined;
  /** Place within the group. Left out: that of the definition, counted from 1; `-1` without a group. */
  readonly order?: number | undefined;
  /** Width of the field in a form; `none` when left out. */
  readonly width?: Width | undefined;
  /** The name itself when left out. */
  readonly displayName?: string | undefined;
  /** Wire names of the keys whose recommenders look at this one. */
  readonly dependents?: readonly string[] | undefined;
  readonly recommender?: Recommender | undefined;
  /** What is wrong with a value (`Port must be even`), `undefined` when nothing is. Not asked about `null`. */
  readonly validate?: ((value: V) => string | undefined) | undefined;
  /** The value is never printed: not in a message, a REST answer or a table. */
  readonly secret?: boolean | undefined;
  /** What to use instead; whoever sets the key gets a warning. */
  readonly deprecated?: string | undefined;
  /** Old names, read with a warning where the name itself is not set. */
  readonly aliases?: readonly string[] | undefined;
  /** Read, but printed nowhere. */
  readonly internal?: boolean | undefined;
}

/** Left out: the key is required. `null`: it may be left unset. */
export interface DefaultOption<D> {
  readonly default?: D;
}

/**
 * `null` where the default may be `null`. `D` is only asked about: were it part of the answer, or behind `extends`,
 * TypeScript would infer it from the place where a key is used, as `string | null`.
 */
export type NullIf<D> = D extends null ? null : never;

/** What reading one value gave. */
export interface Reading<T> {
  /** `undefined` when there is none because of a problem. */
  readonly value: T | undefined;
  /** As Java prints it; `[hidden]` for a secret. */
  readonly text: string | null;
  readonly problems: readonly string[];
}

/** How a key's name stands in messages. */
export interface KeyNames {
  /** With its prefix, as the user wrote it. */
  readonly full: string;
  /** Without the prefix of its alias: Java's validators only know this one. */
  readonly short: string;
}

/** One key of a configuration; `T` is the type of its value. Made by `string`, `int` and their like. */
export interface ConfigKey<T = unknown> extends Omit<KeyOptions<never>, 'validate'> {
  readonly kind: 'key';
  readonly name: string;
  readonly type: ConfigType;
  /** The kind of value in our words, for people: `duration`, `regular expression`. */
  readonly label: string;
  /** Which values are valid, for people: `at least 1`. */
  readonly valid: string | undefined;
  readonly required: boolean;
  /** Reads what the user wrote; `undefined` stands for nothing, and gives the default. Never throws. */
  readonly read: (text: string | null | undefined, names: KeyNames) => Reading<T>;
}

/** A list of aliases, and the same keys for each of them: `transforms.<alias>.*`. Made by `aliased`. */
export interface AliasedKeys<T = unknown> {
  readonly kind: 'aliased';
  readonly list: ConfigKey<readonly string[]>;
  /** What stands before an alias. */
  readonly prefix: string;
  readonly groupOf: (alias: string) => string;
  /** The keys of one alias, given what the user wrote for it, without the prefix. */
  readonly keysOf: (alias: string, raw: RawConfig) => ConfigKeys;
  /** The keys that every alias has; `undefined` when they depend on the alias. */
  readonly fixedKeys: ConfigKeys | undefined;
  /** Carries the type only. */
  readonly member?: T;
}

/** All that starts with a prefix and is no key of its own. Made by `prefixed`. */
export interface PrefixedKeys {
  readonly kind: 'prefixed';
  readonly prefix: string;
  readonly doc: string;
}

export type ConfigEntry = ConfigKey | AliasedKeys | PrefixedKeys;

/** The keys of a configuration, by the names that the code uses. */
export type ConfigKeys = { readonly [property: string]: ConfigEntry };

/** The typed configuration that keys give. */
export type ConfigOf<K extends ConfigKeys> = { readonly [P in keyof K]: ValueOfEntry<K[P]> };

/** A configuration as the user wrote it. */
export type RawConfig = Readonly<Record<string, string | null>>;

type ValueOfEntry<E> =
  E extends ConfigKey<infer T>
    ? T
    : E extends AliasedKeys<infer T>
      ? ReadonlyMap<string, T>
      : E extends PrefixedKeys
        ? ReadonlyMap<string, string>
        : never;
