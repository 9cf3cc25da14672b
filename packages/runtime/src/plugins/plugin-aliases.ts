import { MillraceError } from '@millrace/api';
import { isObject } from './discovery-manifest.ts';
import type { PluginKind } from './load-plugin.ts';

/** One Java class that a definition stands for; its own name where it stands for none. */
export interface PluginAlias {
  readonly kind: PluginKind;
  readonly version: string;
  readonly className: string;
  readonly taskClass: string | undefined;
  /** What configurations may call it. */
  readonly names: readonly string[];
}

const suffixes: Readonly<Record<PluginKind, string>> = {
  source: 'Connector',
  sink: 'Connector',
  converter: 'Converter',
  'header-converter': 'HeaderConverter',
  transform: 'Transformation',
  predicate: 'Predicate',
};

/**
 * What an export of a manifest is known by: nothing when it is of a kind that is not looked up by class.
 *
 * @throws MillraceError when it is one that cannot work: written by hand, or by an api that this worker does not know.
 */
export function aliasesOf(definition: object): readonly PluginAlias[] {
  const { kind, name, version, config, java } = definition as Readonly<Record<string, unknown>>;
  if (typeof kind !== 'string' || !Object.hasOwn(suffixes, kind)) return [];
  if (typeof name !== 'string' || typeof version !== 'string' || !isObject(config)) {
    throw new MillraceError(
      `It exports a ${kind} without name, version or config; make it with the define functions of @millrace/api.`,
      { code: 'PLUGIN_NOT_LOADED' },
    );
  }
  const shared = { kind: kind as PluginKind, version };
  const classes = Array.isArray(java) ? (java as readonly JavaClass[]) : [];
  if (classes.length === 0) return [{ ...shared, className: name, taskClass: undefined, names: [name] }];
  return classes.map((one, index) => {
    const { connector, task } = typeof one === 'string' ? { connector: one, task: undefined } : one;
    const own = index === 0 ? [name] : [];
    const names = [connector, ...shortNames(connector, suffixes[shared.kind]), ...own];
    return { ...shared, className: connector, taskClass: task, names };
  });
}

type JavaClass = string | { readonly connector: string; readonly task: string };

function shortNames(className: string, suffix: string): readonly string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1);
  return simple.endsWith(suffix) && simple !== suffix ? [simple, simple.slice(0, -suffix.length)] : [simple];
}
