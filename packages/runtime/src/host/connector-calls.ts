import {
  ConfigError,
  type ConfigKeys,
  type ConfigOf,
  type ConfigProblem,
  type OffsetChange,
  type OffsetFields,
  type OffsetMap,
  parseConfig,
  type SinkPlugin,
  type SourcePlugin,
  type TaskConfig,
  type TopicPartition,
} from '@millrace/api';
import { loadPlugin } from '../plugins/load-plugin.ts';
import type { ConnectorSpec, OffsetAlteration } from './host-messages.ts';

type Config = ConfigOf<ConfigKeys>;

/** What is wrong with the connector's own keys: each of them, and then all together. */
export async function validateConnector(connector: ConnectorSpec): Promise<readonly ConfigProblem[]> {
  const plugin = await loadConnector(connector);
  try {
    const { config } = parseConfig(plugin.config, connector.config);
    return plugin.validate?.(config) ?? [];
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    return error.problems;
  }
}

export async function probeConnector(connector: ConnectorSpec, signal: AbortSignal): Promise<readonly ConfigProblem[]> {
  const { plugin, config } = await openConnector(connector);
  return (await plugin.probe?.(config, signal)) ?? [];
}

/** The configurations of the connector's tasks, without what the worker adds to them. */
export async function connectorTasks(
  connector: ConnectorSpec,
  max: number,
  signal: AbortSignal,
): Promise<readonly TaskConfig[]> {
  const { plugin, config } = await openConnector(connector);
  const raw = connector.config;
  if (plugin.tasks !== undefined) return await plugin.tasks({ config, raw, max, signal });
  return plugin.kind === 'source' ? [raw] : Array.from({ length: max }, () => raw);
}

export async function connectorExactlyOnce(connector: ConnectorSpec): Promise<'supported' | 'unsupported'> {
  const { plugin, config } = await openConnector(connector);
  return (plugin.kind === 'source' && plugin.exactlyOnce?.(config)) || 'unsupported';
}

export async function connectorTransactionBoundaries(connector: ConnectorSpec): Promise<boolean> {
  const { plugin, config } = await openConnector(connector);
  return plugin.kind === 'source' && plugin.transactionBoundaries?.(config) === true;
}

/** @throws ConfigError when the connector does not take these offsets. */
export async function alterConnectorOffsets(
  connector: ConnectorSpec,
  changes: readonly OffsetAlteration[],
  signal: AbortSignal,
): Promise<void> {
  const { plugin, config } = await openConnector(connector);
  if (plugin.kind === 'sink') {
    await plugin.alterOffsets?.(config, changes as readonly OffsetChange<TopicPartition, number>[], signal);
    return;
  }
  const declared = (changes as readonly OffsetChange<OffsetMap, OffsetMap>[]).map(({ partition, offset }) => ({
    partition: asDeclared(partition, plugin.partition),
    offset: offset === null ? null : asDeclared(offset, plugin.offset),
  }));
  if (plugin.alterOffsets === undefined) refuseOthers(declared, plugin);
  else await plugin.alterOffsets(config, declared as never, signal);
}

/** The definition, and the configuration as it reads it. */
export async function openConnector(
  connector: ConnectorSpec,
): Promise<{ readonly plugin: SourcePlugin | SinkPlugin; readonly config: Config }> {
  const plugin = await loadConnector(connector);
  return { plugin, config: parseConfig(plugin.config, connector.config).config };
}

function loadConnector({ plugin, kind }: ConnectorSpec): Promise<SourcePlugin | SinkPlugin> {
  return loadPlugin(plugin, kind);
}

/** JSON does not tell kinds of integers apart; those that are not declared are bigints. */
function asDeclared(map: OffsetMap, fields: OffsetFields): OffsetMap {
  const typed = Object.entries(map).map(([name, value]) => {
    const type = Object.hasOwn(fields, name) ? fields[name]?.replace('?', '') : 'int64';
    if (type === 'int64' && Number.isSafeInteger(value)) return [name, BigInt(value as number)] as const;
    return [name, type === 'safeInt' && typeof value === 'bigint' ? Number(value) : value] as const;
  });
  return Object.fromEntries(typed);
}

function refuseOthers(changes: readonly OffsetChange<OffsetMap, OffsetMap>[], plugin: SourcePlugin): void {
  const problems = changes.flatMap(({ partition, offset }) => [
    ...misfits('partition', partition, plugin.partition),
    ...(offset === null ? [] : misfits('offset', offset, plugin.offset)),
  ]);
  if (problems.length > 0) throw new ConfigError(problems);
}

function misfits(what: string, map: OffsetMap, fields: OffsetFields): readonly ConfigProblem[] {
  const unknown = Object.keys(map).filter((name) => !Object.hasOwn(fields, name));
  const missing = Object.keys(fields).filter((name) => !fields[name]?.endsWith('?') && (map[name] ?? null) === null);
  const declared = Object.keys(fields).join(', ') || 'none';
  return [
    ...unknown.map((name) => `has an unknown field ${name}`),
    ...missing.map((name) => `lacks the field ${name}`),
  ].map((problem) => ({ key: what, message: `A ${what} ${problem}; the fields of this connector are: ${declared}.` }));
}
