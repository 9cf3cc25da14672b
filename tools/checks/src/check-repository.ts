import { glob } from 'node:fs/promises';
import { checkConformity } from './conformity.ts';
import { checkCycles } from './cycles.ts';
import { checkDependencyRule } from './dependency-rule.ts';
import { updateGenerated } from './generated.ts';
import { checkLinks } from './links.ts';
import { checkPluginManifests } from './plugin-manifests.ts';
import { checkSources } from './source-rules.ts';
import { readWorkspace } from './workspace.ts';

/** Everything that is wrong with the structure of the repository, one line each. */
export async function checkRepository(root: string): Promise<string[]> {
  const workspace = await readWorkspace(root);
  return [
    ...checkDependencyRule(workspace),
    ...checkCycles(workspace),
    ...checkSources(workspace),
    ...checkPluginManifests(workspace),
    ...(await checkConformity(root, workspace)),
    ...(await updateGenerated(root, workspace, 'check')),
    ...(await checkLinks(root, await markdownFiles(root))),
  ];
}

async function markdownFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const exclude = (path: string): boolean => /(?:^|[\\/])(?:node_modules|dist|CHANGELOG\.md)$/.test(path);
  for await (const file of glob('**/*.md', { cwd: root, exclude })) files.push(file.replaceAll('\\', '/'));
  return files.sort();
}
