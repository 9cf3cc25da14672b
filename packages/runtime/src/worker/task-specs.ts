import { ConfigError, type ConfigProblem, NotFoundError, type TaskConfig } from '@millrace/api';
import { clientSettings, type Properties, transactionalId } from '../config/client-settings.ts';
import type { SinkConnectorConfig, SourceConnectorConfig } from '../config/connector-config.ts';
import type { PluginKind } from '../plugins/load-plugin.ts';
import type { KnownPlugin, PluginName, PluginRegistry } from '../plugins/plugin-registry.ts';
import type { ConfiguredPlugin, ConfiguredTransform, TaskSpec } from '../task/task-spec.ts';
import type { WorkerConfig } from './worker-config.ts';

/** A connector's configuration, read, with the plugins that it names. */
export interface ConnectorPlan {
  readonly name: string;
  readonly kind: 'source' | 'sink';
  readonly connector: KnownPlugin;
  readonly raw: Properties;
  readonly config: SourceConnectorConfig | SinkConnectorConfig;
}

export interface TaskSpecsOptions {
  readonly plan: ConnectorPlan;
  readonly worker: WorkerConfig;
  readonly registry: PluginRegistry;
  readonly taskConfigs: readonly TaskConfig[];
  readonly targetState: TaskSpec['targetState'];
}

export interface TaskSpecs {
  readonly specs: readonly TaskSpec[];
  readonly warnings: readonly string[];
}

/** Everything that the tasks of a connector are made of. @throws ConfigError that names every plugin that is not known. */
export function taskSpecs({ plan, worker, registry, taskConfigs, targetState }: TaskSpecsOptions): TaskSpecs {
  const finder = new PluginFinder(registry);
  const shared = {
    kind: plan.kind,
    plugin: plan.connector.reference,
    connectorConfig: plan.raw,
    keyConverter: converter('key', plan, worker, finder),
    valueConverter: converter('value', plan, worker, finder),
    headerConverter: converter('header', plan, worker, finder),
    transforms: transforms(plan, finder),
    settings: worker.taskSettings,
    targetState,
  };
  finder.refuse();
  const exactlyOnce = plan.kind === 'source' && worker.exactlyOnce;
  const warnings = new Set<string>();
  const specs = taskConfigs.map((taskConfig, task): TaskSpec => {
    const id = { connector: plan.name, task };
    const transaction = exactlyOnce ? transactionalId(worker.groupId, id) : undefined;
    const settings = clientSettings({
      id,
      kind: plan.kind,
      worker: worker.properties,
      connector: plan.raw,
      transactionalId: transaction,
      deadLetters: plan.config.errorsDeadletterqueueTopicName !== '' && !exactlyOnce,
    });
    for (const warning of settings.warnings) warnings.add(warning);
    return {
      ...shared,
      id,
      taskConfig: completeTaskConfig(taskConfig, plan),
      clients: settings.clients,
      ...(transaction !== undefined && {
        exactlyOnce: { transactionalId: transaction, offsetsTopic: offsetsTopic(plan, worker) },
      }),
    };
  });
  return { specs, warnings: [...warnings] };
}

/** The topic that holds a source's offsets. */
function offsetsTopic({ config }: ConnectorPlan, worker: WorkerConfig): string {
  return ('offsetsStorageTopic' in config ? config.offsetsStorageTopic : null) ?? worker.offsetsTopic;
}

/** Collects the names that nobody knows. */
class PluginFinder {
  readonly #registry: PluginRegistry;
  readonly #problems: ConfigProblem[] = [];

  constructor(registry: PluginRegistry) {
    this.#registry = registry;
  }

  configured(key: string, { name, version }: PluginName, kind: PluginKind, config: Properties): ConfiguredPlugin {
    try {
      return { plugin: this.#registry.find({ name, version }, kind).reference, config };
    } catch (error) {
      if (!NotFoundError.isInstance(error)) throw error;
      const message = `Invalid value ${name} for configuration ${key}: Class ${name} could not be found.`;
      return this.missing(key, message);
    }
  }

  missing(key: string, message: string): ConfiguredPlugin {
    this.#problems.push({ key, message });
    return { plugin: { className: '', version: '', module: '', exportName: '' }, config: {} };
  }

  refuse(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}

const simpleHeaders = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

/** A connector that names its own converter configures it alone; otherwise the worker's and its configuration are used. */
function converter(
  part: 'key' | 'value' | 'header',
  { raw }: ConnectorPlan,
  { properties }: WorkerConfig,
  finder: PluginFinder,
): ConfiguredPlugin {
  const key = `${part}.converter`;
  const from = raw[key] === undefined ? properties : raw;
  const name = from[key] ?? (part === 'header' ? simpleHeaders : undefined);
  if (name === undefined) {
    return finder.missing(key, `Missing required configuration "${key}" which has no default value.`);
  }
  const { 'plugin.version': version, ...config } = withoutPrefix(from, `${key}.`);
  const wanted = { name: name.trim(), version };
  return finder.configured(key, wanted, part === 'header' ? 'header-converter' : 'converter', config);
}

function transforms(
  { config: { transforms, predicates } }: ConnectorPlan,
  finder: PluginFinder,
): ConfiguredTransform[] {
  return [...transforms].map(([alias, { type, pluginVersion, config, predicate, negate }]): ConfiguredTransform => {
    const transform = finder.configured(
      `transforms.${alias}.type`,
      { name: type, version: pluginVersion },
      'transform',
      Object.fromEntries(config),
    );
    if (predicate === null) return { ...transform, alias };
    const condition = predicates.get(predicate);
    if (condition === undefined) {
      const key = `transforms.${alias}.predicate`;
      finder.missing(key, `${key} names the predicate ${predicate}, which is not among the aliases of predicates.`);
      return { ...transform, alias };
    }
    const key = `predicates.${predicate}.type`;
    const wanted = { name: condition.type, version: condition.pluginVersion };
    const plugin = finder.configured(key, wanted, 'predicate', Object.fromEntries(condition.config));
    return { ...transform, alias, predicate: { ...plugin, alias: predicate, negate } };
  });
}

/** As Kafka Connect stores it: with the class of the task, and for a sink with its topics. */
function completeTaskConfig(taskConfig: TaskConfig, { connector, kind, raw }: ConnectorPlan): TaskConfig {
  const topics = ['topics', 'topics.regex'].flatMap((key) => (raw[key] === undefined ? [] : [[key, raw[key]]]));
  return {
    ...taskConfig,
    ...(connector.taskClass !== undefined && { 'task.class': connector.taskClass }),
    ...(kind === 'sink' && (Object.fromEntries(topics) as TaskConfig)),
  };
}

function withoutPrefix(properties: Properties, prefix: string): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
