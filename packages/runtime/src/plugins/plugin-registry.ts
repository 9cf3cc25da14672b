import { MillraceError, NotFoundError } from '@millrace/api';
import type { PluginReference } from '../task/task-spec.ts';
import type { PluginKind } from './load-plugin.ts';

export interface KnownPlugin {
  readonly kind: PluginKind;
  readonly reference: PluginReference;
  /** Of a connector: the class that the configurations of its tasks name. */
  readonly taskClass: string | undefined;
}

/** Finds plugins by the names that configurations have for them: Java classes, their short forms, and our own names. */
export interface PluginRegistry {
  readonly plugins: readonly KnownPlugin[];
  /** @throws NotFoundError that says what there is. */
  find(name: string, ...kinds: readonly PluginKind[]): KnownPlugin;
}

/**
 * Loads manifests: modules that export definitions. Definitions load what they need later, so this runs no code of a plugin
 * but its keys.
 */
export async function loadPluginRegistry(modules: readonly string[]): Promise<PluginRegistry> {
  const plugins: KnownPlugin[] = [];
  const byName = new Map<string, KnownPlugin[]>();
  for (const module of modules) {
    for (const [exportName, value] of Object.entries(await importManifest(module))) {
      const definition = asDefinition(value);
      if (definition === undefined) continue;
      for (const { names, plugin } of entriesOf(module, exportName, definition)) {
        plugins.push(plugin);
        for (const name of names) byName.set(name, [...(byName.get(name) ?? []), plugin]);
      }
    }
  }
  return {
    plugins,
    find: (name, ...kinds) => {
      const found = byName.get(name)?.find(({ kind }) => kinds.includes(kind));
      if (found !== undefined) return found;
      const known = plugins.filter(({ kind }) => kinds.includes(kind)).map(({ reference }) => reference.className);
      const what = kinds.some((kind) => kind === 'source' || kind === 'sink') ? 'connector' : kinds.join(' or ');
      throw new NotFoundError(
        `No ${what} is known by the name ${name}. Install its package and name it in the worker's plugins; known are: ${known.toSorted().join(', ') || 'none'}.`,
      );
    },
  };
}

interface AnyDefinition {
  readonly kind: PluginKind;
  readonly name: string;
  readonly version: string;
  readonly java?: readonly (string | { readonly connector: string; readonly task: string })[];
}

const suffixes: Readonly<Record<PluginKind, string>> = {
  source: 'Connector',
  sink: 'Connector',
  converter: 'Converter',
  'header-converter': 'HeaderConverter',
  transform: 'Transformation',
  predicate: 'Predicate',
};

async function importManifest(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(module)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError(`The plugins of ${module} could not be loaded: ${reason}`, {
      code: 'PLUGIN_NOT_LOADED',
      cause,
    });
  }
}

function asDefinition(value: unknown): AnyDefinition | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  return Object.hasOwn(suffixes, String(value.kind)) ? (value as AnyDefinition) : undefined;
}

/** One entry for each Java class that the definition stands for, or one by its own name. */
function entriesOf(
  module: string,
  exportName: string,
  { kind, name, version, java = [] }: AnyDefinition,
): readonly { readonly names: readonly string[]; readonly plugin: KnownPlugin }[] {
  const entry = (className: string, taskClass: string | undefined): KnownPlugin => ({
    kind,
    reference: { className, version, module, exportName },
    taskClass,
  });
  if (java.length === 0) return [{ names: [name], plugin: entry(name, undefined) }];
  return java.map((one, index) => {
    const { connector, task } = typeof one === 'string' ? { connector: one, task: undefined } : one;
    const own = index === 0 ? [name] : [];
    return { names: [connector, ...shortNames(connector, suffixes[kind]), ...own], plugin: entry(connector, task) };
  });
}

function shortNames(className: string, suffix: string): readonly string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1);
  return simple.endsWith(suffix) && simple !== suffix ? [simple, simple.slice(0, -suffix.length)] : [simple];
}
