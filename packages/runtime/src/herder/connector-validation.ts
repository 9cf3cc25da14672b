import type { ConfigInfoJson, ConfigInfosJson, ConfigKeys, ConfigProblem, RawConfig } from '@millrace/api';
import { ConfigError, configInfosJson } from '@millrace/api';
import { hashMapOrder } from '@millrace/java';
import { commonConnectorKeys } from '../config/connector-config.ts';
import { type InfosRequest, type KnownNames, versionRef } from '../config/connector-infos.ts';
import type { PluginKind } from '../plugins/load-plugin.ts';
import type { KnownPlugin, PluginRegistry } from '../plugins/plugin-registry.ts';
import type { Worker } from '../worker/worker.ts';
import { badRequest } from './herder-errors.ts';
import { outOfRange } from './plugin-infos.ts';
import { parseVersionRange } from './version-range.ts';

/** Looks at settings of a client that a connector brings along; names those that the worker's policy does not allow. */
export type CheckOverrides = (
  client: 'producer' | 'consumer' | 'admin',
  settings: Readonly<Record<string, string>>,
) => readonly ConfigProblem[];

export interface ValidationOptions {
  readonly worker: Pick<Worker, 'registry' | 'properties' | 'exactlyOnce' | 'infos'>;
  /** Left out: everything is allowed. */
  readonly checkOverrides?: CheckOverrides | undefined;
}

/**
 * What is wrong with a configuration whose variables are resolved, key by key, in Java's order and words. Plugins are asked in
 * a host.
 *
 * @param written the same as the user wrote it, for messages.
 * @throws MillraceError when the connector itself cannot be told from it.
 */
export async function validateConnector(
  { worker, checkOverrides }: ValidationOptions,
  config: RawConfig,
  written: RawConfig = config,
): Promise<ConfigInfosJson> {
  const plugin = connectorOf(worker.registry, config, written);
  const wrongVersion = versionProblems(plugin, config);
  if (wrongVersion.length > 0) {
    const keys = {
      ...commonConnectorKeys,
      connectorPluginVersion: versionRef(commonConnectorKeys.connectorPluginVersion, plugin.reference.version),
      ...hiddenVersions(config),
    };
    return configInfosJson(config['connector.class'] ?? '', keys, config, wrongVersion);
  }
  const infos = await worker.infos(infosRequest(worker, plugin, config));
  return withConfigs(infos, overrideInfos(plugin.kind, config, checkOverrides));
}

/** @throws ConfigError that names everything that is wrong, as Java answers it. */
export function refuseInvalid({ error_count: count, configs }: ConfigInfosJson): void {
  if (count === 0) return;
  const problems = configs.flatMap(({ value }) => value.errors.map((message) => ({ key: value.name, message })));
  const lines = [
    `Connector configuration is invalid and contains the following ${count} error(s):`,
    ...problems.map(({ message }) => message),
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  ];
  throw new ConfigError(lines.join('\n'));
}

/** The plugin that a configuration names. */
export function connectorOf(registry: PluginRegistry, config: RawConfig, written: RawConfig = config): KnownPlugin {
  const named = config['connector.class'];
  if (named === undefined || named === null) {
    throw badRequest(`Connector config ${mapText(written)} contains no connector type`);
  }
  try {
    return registry.find(named.trim(), 'source', 'sink');
  } catch {
    const known = classesOf(registry, 'source', 'sink').join(', ');
    throw badRequest(
      `Failed to find any class that implements Connector and which name matches ${named}, available connectors are: ${known || 'none'}`,
    );
  }
}

function versionProblems({ reference }: KnownPlugin, config: RawConfig): readonly ConfigProblem[] {
  const range = parseVersionRange(config['connector.plugin.version'] ?? undefined);
  if (range === undefined || range.includes(reference.version)) return [];
  const message = outOfRange(reference, range.text);
  return ['connector.class', 'connector.plugin.version'].map((key) => ({ key, message }));
}

/** Nobody asks for the version of a converter that is not named. */
function hiddenVersions(config: RawConfig): ConfigKeys {
  const parts = (['key', 'value', 'header'] as const).filter((part) => (config[`${part}.converter`] ?? null) === null);
  return Object.fromEntries(
    parts.map((part) => {
      const property = `${part}ConverterPluginVersion` as const;
      return [property, versionRef(commonConnectorKeys[property], null)] as const;
    }),
  );
}

function infosRequest(worker: ValidationOptions['worker'], plugin: KnownPlugin, config: RawConfig): InfosRequest {
  const { registry, properties, exactlyOnce } = worker;
  const named = (prefix: string) =>
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(prefix) && key.endsWith('.type') && value !== null ? [value.trim()] : [],
    );
  const settingsOf = (...keys: readonly string[]) => keys.flatMap((key) => config[key]?.trim() ?? []);
  const ofWorker = (key: string, kind: PluginKind, otherwise?: string) => {
    const name = properties[key] ?? otherwise;
    return name === undefined ? null : (find(registry, name.trim(), kind)?.reference ?? null);
  };
  const simple = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';
  return {
    name: config['name'] ?? '',
    kind: plugin.kind === 'sink' ? 'sink' : 'source',
    plugin: plugin.reference,
    config,
    converters: knownNames(registry, 'converter', settingsOf('key.converter', 'value.converter')),
    headerConverters: knownNames(registry, 'header-converter', settingsOf('header.converter')),
    transforms: knownNames(registry, 'transform', named('transforms.')),
    predicates: knownNames(registry, 'predicate', named('predicates.')),
    workerConverters: {
      key: ofWorker('key.converter', 'converter'),
      value: ofWorker('value.converter', 'converter'),
      header: ofWorker('header.converter', 'header-converter', simple),
    },
    exactlyOnce,
  };
}

function knownNames(registry: PluginRegistry, kind: PluginKind, names: readonly string[]): KnownNames {
  const found = names.flatMap((name) => {
    const plugin = find(registry, name, kind);
    return plugin === undefined ? [] : [[name, plugin.reference] as const];
  });
  return { classes: classesOf(registry, kind), found: Object.fromEntries(found) };
}

function find(registry: PluginRegistry, name: string, kind: PluginKind): KnownPlugin | undefined {
  try {
    return registry.find(name, kind);
  } catch {
    return undefined;
  }
}

function classesOf({ plugins }: PluginRegistry, ...kinds: readonly PluginKind[]): readonly string[] {
  const names = plugins.filter(({ kind }) => kinds.includes(kind)).map(({ reference }) => reference.className);
  return names.toSorted();
}

/** Settings for clients, of those kinds that the connector will use. */
function overrideInfos(
  kind: PluginKind,
  config: RawConfig,
  check: CheckOverrides = () => [],
): readonly ConfigInfoJson[] {
  const letters = config['errors.deadletterqueue.topic.name'] ?? '';
  const clients = kind === 'source' ? (['producer', 'admin'] as const) : (['consumer', 'admin'] as const);
  const used = kind === 'sink' && letters === '' ? (['consumer'] as const) : clients;
  return used.flatMap((client) => {
    const prefix = `${client}.override.`;
    const settings = Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(prefix) && value !== null ? [[key.slice(prefix.length), value] as const] : [],
    );
    const problems = check(client, Object.fromEntries(settings));
    return settings.map(([name, value]) => {
      const errors = problems.filter(({ key }) => key === name).map(({ message }) => message);
      return overrideInfo(prefix, name, value, errors, client);
    });
  });
}

function overrideInfo(
  prefix: string,
  name: string,
  value: string,
  errors: readonly string[],
  client: string,
): ConfigInfoJson {
  return {
    definition: {
      name: prefix + name,
      type: 'STRING',
      required: false,
      default_value: null,
      importance: 'LOW',
      documentation: `The setting ${name} of the Kafka ${client} of this connector.`,
      group: null,
      order_in_group: -1,
      width: 'NONE',
      display_name: name,
      dependents: [],
    },
    value: {
      name: prefix + name,
      value: looksSecret.test(name) ? '[hidden]' : value,
      recommended_values: [],
      errors,
      visible: true,
    },
  };
}

function withConfigs(infos: ConfigInfosJson, more: readonly ConfigInfoJson[]): ConfigInfosJson {
  const errors = more.reduce((count, { value }) => count + value.errors.length, 0);
  return { ...infos, error_count: infos.error_count + errors, configs: [...infos.configs, ...more] };
}

const looksSecret = /password|secret|token|credential|jaas|\bkey$/i;

/** As Java prints a map, without what may be secret. */
function mapText(config: RawConfig): string {
  const entries = hashMapOrder(Object.keys(config)).map(
    (key) => `${key}=${looksSecret.test(key) ? '[hidden]' : config[key]}`,
  );
  return `{${entries.join(', ')}}`;
}
