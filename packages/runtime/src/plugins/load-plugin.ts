import {
  type ConverterPlugin,
  type HeaderConverterPlugin,
  MillraceError,
  type PredicatePlugin,
  type SinkPlugin,
  type SourcePlugin,
  type TransformPlugin,
} from '@millrace/api';
import type { PluginReference } from '../task/task-spec.ts';

/** The definitions that a task or a connector is made from, by what their `kind` says. */
export interface Plugins {
  readonly source: SourcePlugin;
  readonly sink: SinkPlugin;
  readonly converter: ConverterPlugin;
  readonly 'header-converter': HeaderConverterPlugin;
  readonly transform: TransformPlugin;
  readonly predicate: PredicatePlugin;
}

export type PluginKind = keyof Plugins;

/**
 * The definition that a reference stands for. Its module is loaded on first use.
 *
 * @throws MillraceError when the module cannot be loaded, or does not export such a plugin.
 */
export async function loadPlugin<K extends PluginKind>(
  reference: PluginReference,
  ...kinds: readonly K[]
): Promise<Plugins[K]> {
  const { className, module, exportName } = reference;
  const exported = await importModule(reference);
  const found = Object.hasOwn(exported, exportName) ? exported[exportName] : undefined;
  if (isPlugin(found, kinds)) return found;
  const wanted = kinds.join(' or ');
  const problem = found === undefined ? `has no export ${exportName}` : `exports ${exportName}, which is no ${wanted}`;
  throw new MillraceError(
    `Plugin ${className} could not be loaded: ${module} ${problem}. Its manifest must export a definition made by the define functions of @millrace/api; is another version installed?`,
    { code: 'PLUGIN_NOT_FOUND' },
  );
}

async function importModule({ className, module }: PluginReference): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(module)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError(
      `Plugin ${className} could not be loaded from ${module}: ${reason} Install the package again, or remove it from the worker's plugins.`,
      { code: 'PLUGIN_NOT_LOADED', cause },
    );
  }
}

function isPlugin<K extends PluginKind>(value: unknown, kinds: readonly K[]): value is Plugins[K] {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && (kinds as readonly unknown[]).includes(value.kind)
  );
}
