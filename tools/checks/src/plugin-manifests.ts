import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import type { WorkspacePackage } from './workspace.ts';

/**
 * What a worker loads to know which plugins there are: definitions and the keys of their configurations. Everything
 * else is imported when a plugin is used, so a worker with fifty plugins starts as fast as one with none.
 */
export function checkPluginManifests(workspace: readonly WorkspacePackage[]): string[] {
  return workspace.filter(({ manifest }) => manifest.millrace !== undefined).flatMap(heavyImports);
}

/** Node itself has loaded it before anything else runs. */
const free = new Set(['node:path']);

function heavyImports({ room, folder, sources }: WorkspacePackage): string[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const problems: string[] = [];
  const reached = new Set([`${folder}/src/plugin.ts`]);
  for (const path of reached) {
    for (const { specifier, typeOnly, dynamic } of importsOf(texts.get(path) ?? '')) {
      if (typeOnly || dynamic || free.has(specifier)) continue;
      if (specifier.startsWith('.')) {
        reached.add(posix.join(posix.dirname(path), specifier));
      } else if (room === 'connectors' ? specifier !== '@millrace/api' : !specifier.startsWith('@millrace/')) {
        problems.push(`${path}: imports ${specifier}, and src/plugin.ts loads it; import it where it is used.`);
      }
    }
  }
  return problems;
}
