import {
  abortable,
  type Converter,
  type CreateContext,
  type HeaderConverter,
  type Logger,
  type TableProviders,
} from '@millrace/api';
import { type ChainLink, openTransformChain, type TransformChain } from '@millrace/transforms';
import type { TaskParts } from '../task/task-runner.ts';
import type { ConfiguredPlugin, ConfiguredTransform, TaskSpec } from '../task/task-spec.ts';
import { loadPlugin } from './load-plugin.ts';
import { PluginConfigs } from './plugin-config.ts';

/** What the plugins of a task are made with. */
interface Surroundings {
  readonly log: Logger;
  /** Given to every plugin; also ends the assembly. */
  readonly signal: AbortSignal;
  /** What transforms can join records with. */
  readonly tables?: TableProviders | undefined;
}

export interface AssemblyOptions extends Surroundings {
  readonly spec: TaskSpec;
}

/**
 * Makes the converters and the transforms of a task. All configurations are read before the first plugin is made; when one
 * cannot be made, those before it are closed.
 *
 * @throws ConfigError that names what is wrong in any of them.
 */
export async function assembleTask(options: AssemblyOptions): Promise<TaskParts> {
  const { spec, log } = options;
  const configs = new PluginConfigs(log);
  const key = await converter(spec.keyConverter, 'key', options, configs);
  const value = await converter(spec.valueConverter, 'value', options, configs);
  const header = await headerConverter(spec.headerConverter, options, configs);
  const links: ChainLink[] = [];
  for (const transform of spec.transforms) links.push(await chainLink(transform, options, configs));
  configs.refuse();

  const opened: Closeable[] = [];
  try {
    const keyConverter = keep(opened, await key());
    const valueConverter = keep(opened, await value());
    const headers = keep(opened, await header());
    const chain: TransformChain = await openTransformChain(links);
    return { keyConverter, valueConverter, headerConverter: headers, chain };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

/** One converter by itself, for a table that is read as the connector reads or writes. */
export async function openConverter(
  configured: ConfiguredPlugin,
  part: 'key' | 'value',
  { log, signal = new AbortController().signal }: { readonly log: Logger; readonly signal?: AbortSignal },
): Promise<Converter> {
  const configs = new PluginConfigs(log);
  const make = await converter(configured, part, { log, signal }, configs);
  configs.refuse();
  return await make();
}

/** Closes the converters and the transforms of a task that was never run. */
export async function closeParts(parts: TaskParts): Promise<void> {
  await closeAll([parts.chain, parts.headerConverter, parts.valueConverter, parts.keyConverter]);
}

/** The class of each transform, by alias, for the context of its errors. */
export function transformClasses(spec: TaskSpec): ReadonlyMap<string, string> {
  return new Map(spec.transforms.map(({ alias, plugin }) => [alias, plugin.className]));
}

type Make<T> = () => Promise<T>;

interface Closeable {
  close?(): Promise<void> | void;
}

async function converter(
  { plugin, config }: ConfiguredPlugin,
  part: 'key' | 'value',
  options: Surroundings,
  configs: PluginConfigs,
): Promise<Make<Converter>> {
  const definition = await loadPlugin(plugin, 'converter');
  const typed = configs.read(definition, { ...config, 'converter.type': part }, `${part}.converter.`);
  return making(options, () => definition.create({ ...context(options), config: typed, part }));
}

async function headerConverter(
  { plugin, config }: ConfiguredPlugin,
  options: Surroundings,
  configs: PluginConfigs,
): Promise<Make<HeaderConverter>> {
  const definition = await loadPlugin(plugin, 'header-converter');
  const typed = configs.read(definition, { ...config, 'converter.type': 'header' }, 'header.converter.');
  return making(options, () => definition.create({ ...context(options), config: typed }));
}

async function chainLink(
  { alias, plugin, config, predicate }: ConfiguredTransform,
  options: Surroundings,
  configs: PluginConfigs,
): Promise<ChainLink> {
  const definition = await loadPlugin(plugin, 'transform');
  const typed = configs.read(definition, config, `transforms.${alias}.`);
  const transform = making(options, () => definition.create({ ...context(options), config: typed }));
  if (predicate === undefined) return { name: alias, transform };
  const condition = await loadPlugin(predicate.plugin, 'predicate');
  const conditionConfig = configs.read(condition, predicate.config, `predicates.${predicate.alias}.`);
  return {
    name: alias,
    transform,
    predicate: making(options, () => condition.create({ ...context(options), config: conditionConfig })),
    negate: predicate.negate,
  };
}

function context({ log, signal, tables }: Surroundings): Omit<CreateContext<never>, 'config'> {
  return { log, signal, ...(tables !== undefined && { tables }) };
}

/** Makes a plugin, unless the signal comes first; what is made too late is closed. */
function making<T extends Closeable>({ signal, log }: Surroundings, create: () => T | Promise<T>): Make<T> {
  return async () => {
    signal.throwIfAborted();
    const made = Promise.resolve(create());
    try {
      return await abortable(made, signal);
    } catch (error) {
      made.then((late) => late.close?.()).catch((failure) => log.debug(`A plugin made too late: ${failure}`));
      throw error;
    }
  };
}

function keep<T extends Closeable>(opened: Closeable[], plugin: T): T {
  opened.push(plugin);
  return plugin;
}

async function closeAll(plugins: readonly Closeable[]): Promise<void> {
  await Promise.allSettled(plugins.map(async (plugin) => plugin.close?.()));
}
