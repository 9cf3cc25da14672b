import {
  aliased,
  boolean,
  type ConfigInfoJson,
  type ConfigInfosJson,
  type ConfigKeys,
  type ConfigProblem,
  classRef,
  configInfosJson,
  parseConfig,
  type RawConfig,
  type SinkPlugin,
  type SourcePlugin,
  string,
} from '@millrace/api';
import { hashMapOrder } from '@millrace/java';
import { loadPlugin, type PluginKind, type Plugins } from '../plugins/load-plugin.ts';
import type { PluginReference } from '../task/task-spec.ts';
import {
  checkCommonConnector,
  checkSinkConnector,
  commonConnectorKeys,
  type SinkConnectorConfig,
  type SourceConnectorConfig,
  sinkConnectorKeys,
  sourceConnectorKeys,
} from './connector-config.ts';

/** Plugins of one kind, as a form offers them. */
export interface KnownNames {
  readonly classes: readonly string[];
  /** The full names of the short ones that this configuration uses. */
  readonly found: Readonly<Record<string, PluginReference>>;
}

type ConverterPart = 'key' | 'value' | 'header';

/** A configuration to be looked at, with the plugins that it names. Secrets in it are resolved; it is never logged. */
export interface InfosRequest {
  readonly name: string;
  readonly kind: 'source' | 'sink';
  readonly plugin: PluginReference;
  readonly config: RawConfig;
  readonly converters: KnownNames;
  readonly headerConverters: KnownNames;
  readonly transforms: KnownNames;
  readonly predicates: KnownNames;
  /** The converters of the worker, which are used where the connector names none. */
  readonly workerConverters: Readonly<Record<ConverterPart, PluginReference | null>>;
  /** Whether the worker can give what `exactly.once.support=required` asks for. */
  readonly exactlyOnce: boolean;
}

/** What `/validate` says, in Java's order: the worker's keys, those of transforms and predicates, the connector's, and those of its converters. */
export async function connectorInfos(request: InfosRequest): Promise<ConfigInfosJson> {
  const { config, kind } = request;
  const plugin = await loadPlugin(request.plugin, kind);
  const keys = await workerKeys(request);
  const name = config['connector.class'] ?? '';
  const own = ownInfos(plugin, config);
  const worker = configInfosJson(name, keys, config, [
    ...workerProblems(keys, request),
    ...sourceProblems(plugin, request),
    ...nullProblems(keys, plugin.config, config),
  ]);
  const converters = await Promise.all(
    (['key', 'value', 'header'] as const).map((part) => converterInfos(part, request)),
  );
  const configs = [...worker.configs, ...own, ...converters.flat()];
  return {
    name,
    error_count: configs.reduce((count, { value }) => count + value.errors.length, 0),
    groups: [...new Set(configs.flatMap(({ definition }) => definition?.group ?? []))],
    configs,
  };
}

/** The worker's keys, with what this worker has: its converters as defaults, and the plugins that can be named. */
async function workerKeys(request: InfosRequest): Promise<ConfigKeys> {
  const { kind, plugin, converters, headerConverters, workerConverters } = request;
  const keys = kind === 'source' ? sourceConnectorKeys : sinkConnectorKeys;
  const converterKeys = (part: ConverterPart, known: KnownNames) => {
    const key = commonConnectorKeys[`${part}Converter`];
    const versionKey = commonConnectorKeys[`${part}ConverterPluginVersion`];
    const otherwise = workerConverters[part];
    const named = request.config[key.name]?.trim();
    const version = (named === undefined ? otherwise : known.found[named])?.version ?? null;
    return {
      [`${part}Converter`]: classRef(key.name, {
        ...options(key),
        ...offered(known),
        default: otherwise?.className ?? null,
      }),
      [`${part}ConverterPluginVersion`]: versionRef(versionKey, version),
    };
  };
  return {
    ...keys,
    connectorPluginVersion: versionRef(keys.connectorPluginVersion, plugin.version),
    ...converterKeys('key', converters),
    ...converterKeys('value', converters),
    ...converterKeys('header', headerConverters),
    ...(await pluginLists(request)),
  };
}

type TextKey = (typeof commonConnectorKeys)['keyConverter'];

/** The key of a plugin's version, with the one that is installed. */
export function versionRef(key: TextKey, version: string | null): TextKey {
  const recommended = version === null ? [] : [version];
  return string(key.name, {
    ...options(key),
    default: version,
    recommender: { values: () => recommended, visible: () => version !== null },
  });
}

/** The same key again with other defaults: what it is made from. */
function options({ doc, importance, group, order, width, displayName }: TextKey) {
  return { doc, importance, group, order, width, displayName };
}

function offered({ classes, found }: KnownNames) {
  const resolve = (name: string): string | undefined =>
    Object.hasOwn(found, name) ? found[name]?.className : classes.find((className) => className === name);
  return { resolve, recommender: { values: () => classes } };
}

/** The keys of transforms and predicates, each with those of the plugin that it names. */
async function pluginLists({ transforms, predicates }: InfosRequest): Promise<ConfigKeys> {
  const plugins = {
    transform: await loadAll(transforms, 'transform'),
    predicate: await loadAll(predicates, 'predicate'),
  };
  const keysOf = (kind: 'transform' | 'predicate', known: KnownNames) => (alias: string, raw: RawConfig) => {
    const [title, noun] = kind === 'transform' ? ['Transformation', 'transformation'] : ['Predicate', 'predicate'];
    const named = raw['type']?.trim() ?? '';
    const plugin = plugins[kind].get(named);
    const version = known.found[named]?.version ?? null;
    const head = {
      type: classRef('type', {
        doc: `Class for the '${alias}' ${noun}.`,
        importance: 'high',
        order: 0,
        width: 'long',
        displayName: `${title} type for ${alias}`,
        ...offered(known),
      }),
      pluginVersion: string('plugin.version', {
        doc: `Version of the '${alias}' ${noun}.`,
        default: version,
        importance: 'high',
        order: 1,
        width: 'long',
        displayName: `${title} version for ${alias}`,
        recommender: { values: () => (version === null ? [] : [version]) },
      }),
    };
    if (plugin === undefined) return head;
    const own = Object.fromEntries(Object.entries(plugin.config).map(([name, key]) => [`own.${name}`, key]));
    return { ...head, ...own, ...(kind === 'transform' && conditionKeys) };
  };
  const { transforms: transformList, predicates: predicateList } = commonConnectorKeys;
  return {
    transforms: aliased('transforms', {
      ...options(transformList.list as never),
      keys: keysOf('transform', transforms),
    }),
    predicates: aliased('predicates', {
      ...options(predicateList.list as never),
      keys: keysOf('predicate', predicates),
    }),
  };
}

const conditionKeys: ConfigKeys = {
  predicate: string('predicate', {
    doc: 'The alias of a predicate used to determine whether to apply this transformation.',
    default: null,
  }),
  negate: boolean('negate', { doc: 'Whether the configured predicate should be negated.', default: false }),
};

async function loadAll<K extends PluginKind>({ found }: KnownNames, kind: K): Promise<ReadonlyMap<string, Plugins[K]>> {
  return new Map(
    await Promise.all(
      Object.entries(found).map(async ([name, reference]) => [name, await loadPlugin(reference, kind)] as const),
    ),
  );
}

/** The connector's own keys, and what is wrong with all of them together. */
function ownInfos(plugin: SourcePlugin | SinkPlugin, config: RawConfig): readonly ConfigInfoJson[] {
  const typed = parsed(plugin.config, config);
  const problems = typed === undefined ? [] : (plugin.validate?.(typed) ?? []);
  return configInfosJson('', plugin.config, config, problems).configs;
}

/** What the worker finds wrong beyond single keys. */
function workerProblems(keys: ConfigKeys, { kind, config }: InfosRequest): readonly ConfigProblem[] {
  const typed = parsed(keys, config);
  if (typed === undefined) return [];
  const common = checkCommonConnector(typed as SourceConnectorConfig, config);
  return kind === 'sink' ? [...common, ...checkSinkConnector(typed as unknown as SinkConnectorConfig)] : common;
}

/** Whether the source can do what is asked of it. It is only asked where its own keys are right. */
function sourceProblems(
  plugin: SourcePlugin | SinkPlugin,
  { config, exactlyOnce }: InfosRequest,
): readonly ConfigProblem[] {
  if (plugin.kind === 'sink') return [];
  const typed = parsed(plugin.config, config);
  const problems: ConfigProblem[] = [];
  if (config['exactly.once.support']?.trim().toLowerCase() === 'required') {
    const key = 'exactly.once.support';
    if (!exactlyOnce) problems.push({ key, message: 'This worker does not have exactly-once source support enabled.' });
    else if (typed !== undefined && plugin.exactlyOnce?.(typed) !== 'supported') {
      const message = 'The connector does not support exactly-once semantics with the provided configuration.';
      problems.push({ key, message });
    }
  }
  const byConnector = config['transaction.boundary']?.trim().toLowerCase() === 'connector';
  if (byConnector && typed !== undefined && plugin.transactionBoundaries?.(typed) !== true) {
    const message =
      'The connector does not support connector-defined transaction boundaries with the given configuration. Please reconfigure it to use a different transaction boundary definition.';
    problems.push({ key: 'transaction.boundary', message });
  }
  return problems;
}

/** Java lets the keys of the connector itself be null. */
function nullProblems(workerKeys: ConfigKeys, ownKeys: ConfigKeys, config: RawConfig): readonly ConfigProblem[] {
  const names = (keys: ConfigKeys) => new Set(configInfosJson('', keys, config).configs.map(({ value }) => value.name));
  const [worker, own] = [names(workerKeys), names(ownKeys)];
  return Object.keys(config)
    .filter((key) => config[key] === null && (worker.has(key) || !own.has(key)))
    .map((key) => ({ key, message: 'Null value can not be supplied as the configuration value.' }));
}

/** The keys of a converter that the connector names itself. */
async function converterInfos(part: ConverterPart, request: InfosRequest): Promise<readonly ConfigInfoJson[]> {
  const key = `${part}.converter`;
  const known = part === 'header' ? request.headerConverters : request.converters;
  const reference = known.found[request.config[key]?.trim() ?? ''];
  if (reference === undefined) return [];
  const { config: keys } = await loadPlugin(reference, part === 'header' ? 'header-converter' : 'converter');
  const prefix = `${key}.`;
  const config: Record<string, string | null> = { 'converter.type': part };
  for (const [name, value] of Object.entries(request.config)) {
    if (name.startsWith(prefix)) config[name.slice(prefix.length)] = value;
  }
  const { configs } = configInfosJson('', keys, config);
  // Java has them in a HashMap.
  const order = hashMapOrder(configs.map(({ value }) => value.name));
  const ordered = configs.toSorted((a, b) => order.indexOf(a.value.name) - order.indexOf(b.value.name));
  return ordered.map(({ definition, value }) => ({
    definition: definition === null ? null : { ...definition, name: prefix + definition.name },
    value: { ...value, name: prefix + value.name },
  }));
}

/** `undefined` when something is wrong with a key of its own. */
function parsed<K extends ConfigKeys>(
  keys: K,
  config: RawConfig,
): ReturnType<typeof parseConfig<K>>['config'] | undefined {
  try {
    return parseConfig(keys, config).config;
  } catch {
    return undefined;
  }
}
