import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isObject, manifestOf, messageOf, type PluginManifest, readPackageJson } from './discovery-manifest.ts';

export interface DiscoveryOptions {
  /** The package.json nearest to it, here or above, says what the user has installed. */
  readonly workingDirectory: string;
  /** Folder of the package whose dependencies are always there: the worker. Left out: none are. */
  readonly bundledWith?: string | undefined;
  /** `plugin.path`: directories whose direct children are packages. */
  readonly pluginPath?: readonly string[] | undefined;
}

/** What was skipped: one broken package must not stop the others. */
export interface PluginProblem {
  /** The folder or the module. */
  readonly where: string;
  readonly message: string;
}

export interface Discovery {
  /** In the order of precedence: the user's own, then the bundled ones, then those of `plugin.path`. */
  readonly manifests: readonly PluginManifest[];
  readonly problems: readonly PluginProblem[];
}

/**
 * Finds the packages that have plugins. Looks at the package.json nearest to the working directory and its direct
 * dependencies, at those of the worker, and at the children of `plugin.path`; at nothing else. Runs no code of theirs.
 */
export async function discoverPlugins(options: DiscoveryOptions): Promise<Discovery> {
  const { workingDirectory, bundledWith, pluginPath = [] } = options;
  const problems: PluginProblem[] = [];
  const own = await nearestPackage(resolve(workingDirectory), problems);
  const folders = [
    ...(own === undefined ? [] : [[own], await dependenciesOf(own, problems)]),
    ...(bundledWith === undefined ? [] : [await dependenciesOf(resolve(bundledWith), problems)]),
    ...(await Promise.all(pluginPath.map((directory) => childrenOf(resolve(directory), problems)))),
  ];
  const found = await Promise.all([...new Set(folders.flat())].map((folder) => manifestIn(folder, problems)));
  const byModule = new Map<string, PluginManifest>();
  for (const manifest of found) if (manifest !== undefined) byModule.set(manifest.module, manifest);
  return { manifests: [...byModule.values()], problems: withoutRepetition(problems) };
}

async function manifestIn(folder: string, problems: PluginProblem[]): Promise<PluginManifest | undefined> {
  return await reporting(folder, problems, async () => {
    const found = await readPackageJson(folder);
    return found === undefined ? undefined : manifestOf(found);
  });
}

async function nearestPackage(directory: string, problems: PluginProblem[]): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if ((await reporting(folder, problems, () => readPackageJson(folder))) !== undefined) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The folders of what a package.json names, where Node would look for them; what is not installed is left out. */
async function dependenciesOf(folder: string, problems: PluginProblem[]): Promise<readonly string[]> {
  const found = await reporting(folder, problems, () => readPackageJson(folder));
  if (found === undefined) return [];
  const names = new Set<string>();
  for (const group of ['dependencies', 'optionalDependencies', 'devDependencies']) {
    const dependencies = found.content[group];
    if (isObject(dependencies)) for (const name of Object.keys(dependencies)) names.add(name);
  }
  const folders = await Promise.all([...names].filter(isPackageName).map((name) => installed(found.folder, name)));
  return folders.filter((one) => one !== undefined);
}

async function installed(from: string, name: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    // What is wrong with it is told when its manifest is read.
    const there = await readPackageJson(candidate).then(
      (found) => found !== undefined,
      () => true,
    );
    if (there) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

async function childrenOf(directory: string, problems: PluginProblem[]): Promise<readonly string[]> {
  const names = await namesIn(directory, problems);
  const children = await Promise.all(
    names.map(async (name) => {
      const child = join(directory, name);
      return name.startsWith('@') ? (await namesIn(child, problems)).map((inner) => join(child, inner)) : [child];
    }),
  );
  return children.flat();
}

async function namesIn(directory: string, problems: PluginProblem[]): Promise<readonly string[]> {
  const names = await reporting(directory, problems, () => readdir(directory));
  return (names ?? []).filter((name) => !name.startsWith('.')).toSorted();
}

async function reporting<T>(where: string, problems: PluginProblem[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    problems.push({ where, message: messageOf(error) });
    return undefined;
  }
}

/** A name out of a package.json must not lead out of node_modules. */
function isPackageName(name: string): boolean {
  return /^(?:@[^/\\]+\/)?[^./\\@][^/\\]*$/.test(name);
}

function withoutRepetition(problems: readonly PluginProblem[]): readonly PluginProblem[] {
  const byText = new Map(problems.map((problem) => [`${problem.where}\n${problem.message}`, problem]));
  return [...byText.values()];
}
