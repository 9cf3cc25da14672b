import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, loadPluginRegistry, type PluginProblem, type PluginRegistry } from '@millrace/runtime';

export interface LoadPluginsOptions {
  /** Directories whose children are packages with plugins. */
  readonly pluginPath: readonly string[];
  /** Hears what was skipped. */
  readonly report: (problem: PluginProblem) => void;
}

/** The plugins of the packages that the user has installed, of those that come with the worker, and of `plugin.path`. */
export async function loadPlugins({ pluginPath, report }: LoadPluginsOptions): Promise<PluginRegistry> {
  const bundledWith = dirname(fileURLToPath(import.meta.resolve('@millrace/worker/package.json')));
  const found = await discoverPlugins({ workingDirectory: process.cwd(), bundledWith, pluginPath });
  for (const problem of found.problems) report(problem);
  return await loadPluginRegistry(found.manifests, { report });
}

/** The value of `plugin.path`. */
export function pluginPathOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
