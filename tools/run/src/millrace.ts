import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './tool.ts';
import { UsageError } from './usage-error.ts';
import { root } from './workspace.ts';

/** The worker's command, from source. */
export async function millrace(args: readonly string[]): Promise<number> {
  const command = join(root, 'apps', 'worker', 'src', 'millrace.ts');
  if (!existsSync(command))
    throw new UsageError('The worker (apps/worker) is not part of Millrace yet; see README.md.');
  return (await runNode(['--conditions=@millrace/source', command, ...args])).code;
}
