import type { ConfigProblem } from '../errors/errors.ts';
import type { ConfigKeys, ConfigType, RawConfig } from './config-key.ts';
import { expandKeys, type Slot } from './expand-keys.ts';
import { readKeys } from './read-keys.ts';
import { type ConfigValue, validateSlots } from './validate-config.ts';

/** A definition as REST prints it, its fields in this order. */
export interface ConfigDefinitionJson {
  readonly name: string;
  readonly type: ConfigType;
  readonly required: boolean;
  readonly default_value: string | null;
  readonly importance: 'HIGH' | 'MEDIUM' | 'LOW';
  readonly documentation: string;
  readonly group: string | null;
  readonly order_in_group: number;
  readonly width: 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';
  readonly display_name: string;
  readonly dependents: readonly string[];
}

export interface ConfigValueJson {
  readonly name: string;
  readonly value: string | null;
  readonly recommended_values: readonly string[];
  readonly errors: readonly string[];
  readonly visible: boolean;
}

export interface ConfigInfoJson {
  /** `null` for an error about a key that is not defined. */
  readonly definition: ConfigDefinitionJson | null;
  readonly value: ConfigValueJson;
}

export interface ConfigInfosJson {
  readonly name: string;
  readonly error_count: number;
  readonly groups: readonly string[];
  readonly configs: readonly ConfigInfoJson[];
}

/** What `GET /connector-plugins/{plugin}/config` answers. */
export function configDefJson(keys: ConfigKeys): readonly ConfigDefinitionJson[] {
  return expandKeys(keys, {})
    .slots.filter(({ key }) => !key.internal)
    .map(definitionJson);
}

/**
 * What `PUT /connector-plugins/{plugin}/config/validate` answers for these keys; `name` is the connector class as the
 * user wrote it. `problems` are those found elsewhere (a check of several keys, a probe): they are added to their keys.
 */
export function configInfosJson(
  name: string,
  keys: ConfigKeys,
  raw: RawConfig,
  problems: readonly ConfigProblem[] = [],
): ConfigInfosJson {
  const read = readKeys(keys, raw);
  const nameOf = new Map([...read.read.values()].map(({ slot, writtenAs }) => [writtenAs, slot.name]));
  const extra = new Map<string, string[]>();
  for (const { key, message } of problems) {
    const target = nameOf.get(key) ?? key;
    extra.set(target, [...(extra.get(target) ?? []), message]);
  }
  const defined = validateSlots(read).map(({ slot, value }): ConfigInfoJson & { readonly internal: boolean } => {
    const errors = [...value.errors, ...(extra.get(slot.name) ?? [])];
    extra.delete(slot.name);
    return { internal: slot.key.internal === true, definition: definitionJson(slot), value: valueJson(value, errors) };
  });
  const configs = [
    ...[...extra].map(([key, errors]): ConfigInfoJson => ({ definition: null, value: unknownJson(key, errors) })),
    ...defined
      .filter(({ internal, value }) => !internal || value.errors.length > 0)
      .map(({ definition, value }): ConfigInfoJson => ({ definition, value })),
  ];
  return {
    name,
    error_count: configs.reduce((count, { value }) => count + value.errors.length, 0),
    groups: [...new Set(configs.map(({ definition }) => definition?.group ?? null).filter((group) => group !== null))],
    configs,
  };
}

function definitionJson({ key, name, prefix, group, order }: Slot): ConfigDefinitionJson {
  return {
    name,
    type: key.type,
    required: key.required,
    default_value: key.required ? null : key.read(undefined, { full: name, short: key.name }).text,
    importance: upper(key.importance ?? 'medium'),
    documentation: key.doc,
    group,
    order_in_group: order,
    width: upper(key.width ?? 'none'),
    display_name: key.displayName ?? key.name,
    dependents: (key.dependents ?? []).map((dependent) => prefix + dependent),
  };
}

function valueJson(value: ConfigValue, errors: readonly string[]): ConfigValueJson {
  return {
    name: value.name,
    value: value.text,
    recommended_values: value.recommendedValues,
    errors,
    visible: value.visible,
  };
}

function unknownJson(name: string, errors: readonly string[]): ConfigValueJson {
  return { name, value: null, recommended_values: [], errors, visible: true };
}

function upper<T extends string>(text: T): Uppercase<T> {
  return text.toUpperCase() as Uppercase<T>;
}
