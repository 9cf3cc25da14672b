import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from './pack.ts';
import { runTool } from './tool.ts';

/** Looks at the tarballs as npm and TypeScript will; returns what is wrong with them. */
export async function checkPackages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-pack-'));
  try {
    const problems: string[] = [];
    for (const { path } of await packAll(folder)) {
      const publint = await runTool('publint', ['run', path, '--strict'], { quiet: true });
      if (publint.code !== 0) problems.push(publint.output);
      const attw = await runTool('@arethetypeswrong/cli', [path, '--profile', 'esm-only', '--format', 'ascii'], {
        quiet: true,
      });
      if (attw.code !== 0) problems.push(attw.output);
    }
    return problems.join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
