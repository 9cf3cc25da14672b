import {
  ConfigError,
  type PredicatePlugin,
  parseConfig,
  silentLogger,
  type Transform,
  type TransformPlugin,
} from '@millrace/api';
import * as manifest from '@millrace/transforms/plugin';

type Predicate = Awaited<ReturnType<PredicatePlugin['create']>>;

const plugins = Object.values(manifest) as unknown as readonly (TransformPlugin | PredicatePlugin)[];

/** Makes the transform that stands for a Java class. */
export async function createTransform(javaClass: string, raw: Readonly<Record<string, unknown>>): Promise<Transform> {
  const plugin = plugins.find((candidate) => isFor(javaClass, candidate));
  if (plugin?.kind !== 'transform') throw new RangeError(`No transform stands for ${javaClass}.`);
  return plugin.create(contextOf(plugin, raw));
}

/** Makes the predicate that stands for a Java class. */
export async function createPredicate(javaClass: string, raw: Readonly<Record<string, unknown>>): Promise<Predicate> {
  const plugin = plugins.find((candidate) => isFor(javaClass, candidate));
  if (plugin?.kind !== 'predicate') throw new RangeError(`No predicate stands for ${javaClass}.`);
  return plugin.create(contextOf(plugin, raw));
}

function isFor(javaClass: string, { java }: TransformPlugin | PredicatePlugin): boolean {
  return java?.includes(javaClass) === true;
}

function contextOf(plugin: TransformPlugin | PredicatePlugin, raw: Readonly<Record<string, unknown>>) {
  const { config } = parseConfig(plugin.config, raw as Readonly<Record<string, string | null>>);
  const problems = plugin.validate?.(config) ?? [];
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, log: silentLogger, signal: new AbortController().signal };
}
