import { readWorkspace, updateGenerated } from '@millrace/checks';
import { root } from './workspace.ts';

/** Writes everything anew that is made by a program. */
export async function generate(): Promise<number> {
  const problems = await updateGenerated(root, await readWorkspace(root), 'write');
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}
