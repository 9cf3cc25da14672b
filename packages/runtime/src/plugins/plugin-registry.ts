import { MillraceError, NotFoundError, withDeadline } from '@millrace/api';
import type { PluginReference } from '../task/task-spec.ts';
import type { PluginProblem } from './discovery.ts';
import { isObject, messageOf, type PluginManifest } from './discovery-manifest.ts';
import type { PluginKind } from './load-plugin.ts';
import { aliasesOf } from './plugin-aliases.ts';
import { compareVersions, parseVersionRange, type VersionRange } from './plugin-version.ts';

export interface KnownPlugin {
  readonly kind: PluginKind;
  readonly reference: PluginReference;
  /** Of a connector: the class that the configurations of its tasks name. */
  readonly taskClass: string | undefined;
  /** The package that it comes from; its module where that is not known. */
  readonly packageName: string;
}

/** A name as configurations have it, with what `connector.plugin.version` and its like say. */
export interface PluginName {
  readonly name: string;
  /** A version, a range of Maven's, or `latest`, as which everything counts that says nothing. */
  readonly version?: string | null | undefined;
}

/** Finds plugins by the names that configurations have for them: Java classes, their short forms, and our own names. */
export interface PluginRegistry {
  readonly plugins: readonly KnownPlugin[];
  /**
   * The newest of the versions that are accepted.
   *
   * @throws NotFoundError that says what there is: nothing has the name, several plugins have it, or no version fits.
   */
  find(wanted: string | PluginName, ...kinds: readonly PluginKind[]): KnownPlugin;
}

export interface PluginRegistryOptions {
  /** Hears of each broken manifest, which is skipped. Left out: the first one is thrown. */
  readonly report?: ((problem: PluginProblem) => void) | undefined;
}

/** A manifest that imports for ever would stop the worker before it has begun. */
const importMs = 10_000;

/**
 * Loads manifests: modules that export definitions. Definitions load what they need later, so this runs no code of a plugin
 * but its keys.
 */
export async function loadPluginRegistry(
  modules: readonly (string | PluginManifest)[],
  { report }: PluginRegistryOptions = {},
): Promise<PluginRegistry> {
  const sources = new Map(modules.map((one) => (typeof one === 'string' ? [one, one] : [one.module, one.packageName])));
  const loaded = await Promise.allSettled([...sources].map(([module, name]) => loadManifest(module, name)));
  const entries: Entry[] = [];
  for (const [index, [module]] of [...sources].entries()) {
    const result = loaded[index];
    if (result?.status === 'fulfilled') entries.push(...result.value);
    else if (report === undefined) throw result?.reason;
    else report({ where: module, message: messageOf(result?.reason) });
  }
  return new Registry(entries);
}

interface Entry {
  readonly names: readonly string[];
  readonly plugin: KnownPlugin;
}

class Registry implements PluginRegistry {
  readonly plugins: readonly KnownPlugin[];
  readonly #byName = new Map<string, KnownPlugin[]>();

  constructor(entries: readonly Entry[]) {
    this.plugins = entries.map(({ plugin }) => plugin);
    for (const { names, plugin } of entries) {
      for (const name of new Set(names)) this.#byName.set(name, [...(this.#byName.get(name) ?? []), plugin]);
    }
  }

  find(wanted: string | PluginName, ...kinds: readonly PluginKind[]): KnownPlugin {
    const { name, version } = typeof wanted === 'string' ? { name: wanted } : wanted;
    const named = (this.#byName.get(name) ?? []).filter(({ kind }) => kinds.includes(kind));
    // A whole class name means that class, whatever else is shortened to it.
    const whole = named.filter(({ reference }) => reference.className === name);
    const candidates = whole.length > 0 ? whole : named;
    if (candidates.length === 0) throw this.#unknown(name, kinds);
    const range = parseVersionRange(version);
    const accepted = candidates.filter(({ reference }) => range?.includes(reference.version) === true);
    const [first, ...others] = accepted;
    if (first === undefined) throw noSuchVersion(name, version, range, candidates);
    if (others.some((other) => !isSamePlugin(first, other))) throw ambiguous(name, accepted);
    return others.reduce(
      (newest, other) => (compareVersions(other.reference.version, newest.reference.version) > 0 ? other : newest),
      first,
    );
  }

  #unknown(name: string, kinds: readonly PluginKind[]): NotFoundError {
    const known = this.plugins.filter(({ kind }) => kinds.includes(kind)).map(({ reference }) => reference.className);
    const names = [...new Set(known)].toSorted().join(', ') || 'none';
    return new NotFoundError(
      `No ${kindText(kinds)} is known by the name ${name}. Install its package and name it in the worker's plugins; known are: ${names}.`,
    );
  }
}

/** Versions of one plugin come from one package; what another package has under the same name is another plugin. */
function isSamePlugin(a: KnownPlugin, b: KnownPlugin): boolean {
  return a.reference.className === b.reference.className && a.packageName === b.packageName;
}

function ambiguous(name: string, candidates: readonly KnownPlugin[]): NotFoundError {
  const list = candidates.map(
    ({ reference, packageName }) => `${reference.className} ${reference.version} of ${packageName}`,
  );
  return new NotFoundError(
    `The name ${name} stands for several plugins: ${list.toSorted().join('; ')}. Use the whole name of a class, or remove the other package.`,
  );
}

function noSuchVersion(
  name: string,
  version: string | null | undefined,
  range: VersionRange | undefined,
  candidates: readonly KnownPlugin[],
): NotFoundError {
  const versions = [...new Set(candidates.map(({ reference }) => reference.version))].toSorted(compareVersions);
  const problem =
    range === undefined
      ? `${name} is asked for in version ${version}, which is no version and no range such as [1.0,2.0)`
      : `${name} not found that matches the version range ${range.text}`;
  return new NotFoundError(`Plugin ${problem}, available versions: [${versions.join(', ')}]`);
}

function kindText(kinds: readonly PluginKind[]): string {
  return kinds.some((kind) => kind === 'source' || kind === 'sink') ? 'connector' : kinds.join(' or ');
}

async function loadManifest(module: string, packageName: string): Promise<readonly Entry[]> {
  const exported = await importManifest(module);
  const definitions = Object.entries(exported).filter(
    ([, value]) => isObject(value) && typeof value['kind'] === 'string',
  );
  const entries: Entry[] = [];
  for (const [exportName, definition] of definitions) {
    for (const { kind, version, className, taskClass, names } of aliasesOf(definition as object)) {
      const reference = { className, version, module, exportName };
      entries.push({ names, plugin: { kind, reference, taskClass, packageName } });
    }
  }
  if (definitions.length > 0) return entries;
  throw new MillraceError(
    `The plugins of ${module} could not be loaded: it exports no definition made by the define functions of @millrace/api.`,
    { code: 'PLUGIN_NOT_LOADED' },
  );
}

async function importManifest(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const waiting = { waitingFor: 'its manifest to be imported', milliseconds: importMs };
    return await withDeadline(waiting, () => import(module) as Promise<Readonly<Record<string, unknown>>>);
  } catch (cause) {
    throw new MillraceError(`The plugins of ${module} could not be loaded: ${messageOf(cause)}`, {
      code: 'PLUGIN_NOT_LOADED',
      cause,
    });
  }
}
