import {
  type AliasedKeys,
  aliased,
  boolean,
  type ConfigKey,
  type ConfigOf,
  classRef,
  type PrefixedKeys,
  prefixed,
  string,
} from '@millrace/api';

type PluginKeys = {
  readonly type: ConfigKey<string>;
  readonly pluginVersion: ConfigKey<string | null>;
  /** The plugin's own keys, as the user wrote them. */
  readonly config: PrefixedKeys;
};

type OneTransformKeys = PluginKeys & {
  readonly predicate: ConfigKey<string | null>;
  readonly negate: ConfigKey<boolean>;
};

export type TransformKeys = AliasedKeys<ConfigOf<OneTransformKeys>>;
export type PredicateKeys = AliasedKeys<ConfigOf<PluginKeys>>;

export const transformKeys: TransformKeys = aliased('transforms', {
  doc: 'Aliases for the transformations to be applied to records.',
  importance: 'low',
  group: 'Transforms',
  order: 12,
  width: 'long',
  displayName: 'Transforms',
  keys: (alias): OneTransformKeys => ({
    ...pluginKeys('transformation', alias),
    predicate: string('predicate', {
      doc: 'The alias of a predicate used to determine whether to apply this transformation.',
      default: null,
    }),
    negate: boolean('negate', { doc: 'Whether the configured predicate should be negated.', default: false }),
  }),
});

export const predicateKeys: PredicateKeys = aliased('predicates', {
  doc: 'Aliases for the predicates used by transformations.',
  importance: 'low',
  group: 'Predicates',
  order: 13,
  width: 'long',
  displayName: 'Predicates',
  keys: (alias): PluginKeys => pluginKeys('predicate', alias),
});

function pluginKeys(kind: 'transformation' | 'predicate', alias: string): PluginKeys {
  const title = kind === 'predicate' ? 'Predicate' : 'Transformation';
  return {
    type: classRef('type', {
      doc: `Class for the '${alias}' ${kind}.`,
      importance: 'high',
      order: 0,
      width: 'long',
      displayName: `${title} type for ${alias}`,
    }),
    pluginVersion: string('plugin.version', {
      doc: `Version of the '${alias}' ${kind}.`,
      default: null,
      importance: 'high',
      order: 1,
      width: 'long',
      displayName: `${title} version for ${alias}`,
    }),
    config: prefixed('', { doc: `Keys of the '${alias}' ${kind} itself.` }),
  };
}
