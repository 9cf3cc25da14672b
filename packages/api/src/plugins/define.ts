import type { ConfigKeys } from '../config/config-key.ts';
import type {
  ConfigProviderDefinition,
  ConverterDefinition,
  HeaderConverterDefinition,
  PredicateDefinition,
  SinkDefinition,
  SourceDefinition,
  TransformDefinition,
} from './definition.ts';
import type { OffsetFields } from './offset-fields.ts';

/** Says what kind of plugin a definition in a manifest is. */
export interface Defined<Kind extends string> {
  readonly kind: Kind;
}

export type SourcePlugin<
  K extends ConfigKeys = ConfigKeys,
  P extends OffsetFields = OffsetFields,
  O extends OffsetFields = OffsetFields,
  T extends ConfigKeys = K,
> = SourceDefinition<K, P, O, T> & Defined<'source'>;
export type SinkPlugin<K extends ConfigKeys = ConfigKeys, T extends ConfigKeys = K> = SinkDefinition<K, T> &
  Defined<'sink'>;
export type TransformPlugin<K extends ConfigKeys = ConfigKeys> = TransformDefinition<K> & Defined<'transform'>;
export type PredicatePlugin<K extends ConfigKeys = ConfigKeys> = PredicateDefinition<K> & Defined<'predicate'>;
export type ConverterPlugin<K extends ConfigKeys = ConfigKeys> = ConverterDefinition<K> & Defined<'converter'>;
export type HeaderConverterPlugin<K extends ConfigKeys = ConfigKeys> = HeaderConverterDefinition<K> &
  Defined<'header-converter'>;
export type ConfigProviderPlugin<K extends ConfigKeys = ConfigKeys> = ConfigProviderDefinition<K> &
  Defined<'config-provider'>;

/**
 * Defines a source connector. From the definition come the typed configuration, what `/validate` answers, the README's
 * table and the tasks; nothing has to be annotated.
 */
export function defineSource<
  const K extends ConfigKeys,
  const P extends OffsetFields,
  const O extends OffsetFields,
  const T extends ConfigKeys = K,
>(definition: SourceDefinition<K, P, O, T>): SourcePlugin<K, P, O, T> {
  return { ...definition, kind: 'source' };
}

/** Defines a sink connector. */
export function defineSink<const K extends ConfigKeys, const T extends ConfigKeys = K>(
  definition: SinkDefinition<K, T>,
): SinkPlugin<K, T> {
  return { ...definition, kind: 'sink' };
}

/** Defines a transform (SMT). */
export function defineTransform<const K extends ConfigKeys>(definition: TransformDefinition<K>): TransformPlugin<K> {
  return { ...definition, kind: 'transform' };
}

/** Defines a predicate for transforms. */
export function definePredicate<const K extends ConfigKeys>(definition: PredicateDefinition<K>): PredicatePlugin<K> {
  return { ...definition, kind: 'predicate' };
}

/** Defines a converter of keys and values. */
export function defineConverter<const K extends ConfigKeys>(definition: ConverterDefinition<K>): ConverterPlugin<K> {
  return { ...definition, kind: 'converter' };
}

/** Defines a converter of headers. */
export function defineHeaderConverter<const K extends ConfigKeys>(
  definition: HeaderConverterDefinition<K>,
): HeaderConverterPlugin<K> {
  return { ...definition, kind: 'header-converter' };
}

/** Defines a provider of configuration values. */
export function defineConfigProvider<const K extends ConfigKeys>(
  definition: ConfigProviderDefinition<K>,
): ConfigProviderPlugin<K> {
  return { ...definition, kind: 'config-provider' };
}
