import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import type { WorkspacePackage } from './workspace.ts';

/** No file needs itself through others, and no package does. Imports that only carry types do not count. */
export function checkCycles(workspace: readonly WorkspacePackage[]): string[] {
  const files = new Map<string, string[]>();
  for (const { path, text } of workspace.flatMap(({ sources }) => sources)) {
    const targets = importsOf(text)
      .filter(({ specifier, typeOnly, dynamic }) => specifier.startsWith('.') && !typeOnly && !dynamic)
      .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
    files.set(path, targets);
  }
  const packages = new Map<string, string[]>();
  for (const { manifest } of workspace) {
    packages.set(manifest.name, Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  }
  return [...cyclesIn(files), ...cyclesIn(packages)].map((cycle) => `Cycle: ${cycle.join(' → ')}.`);
}

/** Depth first; one cycle per way back into the current path. */
function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): void => {
    const start = path.indexOf(node);
    if (start >= 0) {
      cycles.push([...path.slice(start), node]);
      return;
    }
    if (done.has(node)) return;
    path.push(node);
    for (const next of graph.get(node) ?? []) if (graph.has(next)) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return cycles;
}
