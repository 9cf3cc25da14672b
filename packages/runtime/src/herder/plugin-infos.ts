import { type ConfigDefinitionJson, configDefJson, NotFoundError } from '@millrace/api';
import { sinkConnectorKeys, sourceConnectorKeys } from '../config/connector-config.ts';
import { loadPlugin, type PluginKind } from '../plugins/load-plugin.ts';
import type { KnownPlugin, PluginRegistry } from '../plugins/plugin-registry.ts';
import type { PluginInfo } from './herder.ts';
import { badRequest } from './herder-errors.ts';
import { parseVersionRange } from './version-range.ts';

const types: Readonly<Record<PluginKind, PluginInfo['type']>> = {
  sink: 'sink',
  source: 'source',
  transform: 'transformation',
  predicate: 'predicate',
  converter: 'converter',
  'header-converter': 'header_converter',
};
const kinds = Object.keys(types) as readonly PluginKind[];

/** As `GET /connector-plugins` lists them: by type, and by name. */
export function pluginInfos({ plugins }: PluginRegistry): readonly PluginInfo[] {
  return kinds.flatMap((kind) =>
    plugins
      .filter((plugin) => plugin.kind === kind)
      .map(({ reference: { className, version } }) => ({ class: className, type: types[kind], version }))
      .toSorted((a, b) => (a.class < b.class ? -1 : 1)),
  );
}

/** The keys of a plugin, and for a connector those that the worker has for it. */
export async function pluginConfig(
  registry: PluginRegistry,
  name: string,
  version: string | undefined,
): Promise<readonly ConfigDefinitionJson[]> {
  const range = parseVersionRange(version);
  const { kind, reference } = find(registry, name);
  if (range !== undefined && !range.includes(reference.version)) {
    throw badRequest(outOfRange(reference, range.text));
  }
  const { config } = await loadPlugin(reference, kind);
  const own = configDefJson(config);
  if (kind !== 'source' && kind !== 'sink') return own;
  const names = new Set(own.map((definition) => definition.name));
  const worker = configDefJson(kind === 'source' ? sourceConnectorKeys : sinkConnectorKeys);
  return [...own, ...worker.filter((definition) => !names.has(definition.name))].map((definition) =>
    definition.name === 'connector.plugin.version' ? { ...definition, default_value: reference.version } : definition,
  );
}

/** What Java says of a version that is not installed. */
export function outOfRange(
  { className, version }: { readonly className: string; readonly version: string },
  range: string,
): string {
  return `Plugin ${className} not found that matches the version range ${range}, available versions: [${version}]`;
}

function find(registry: PluginRegistry, name: string): KnownPlugin {
  try {
    return registry.find(name, ...kinds);
  } catch (cause) {
    throw new NotFoundError(`Unknown plugin ${name}.`, { cause });
  }
}
