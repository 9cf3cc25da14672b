import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CONTROL_VARIABLE } from '../src/service.ts';

/** Starts vitest in a process group of its own, on one of the folders in `fixtures/`. */
export function startNestedRun(fixture: string, env: Record<string, string>): ChildProcess {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const config = join(import.meta.dirname, 'fixtures', fixture, 'vitest.config.ts');
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VITEST') && name !== CONTROL_VARIABLE && name !== 'CI',
  );
  return spawn(process.execPath, [vitest, 'run', '--config', config], {
    cwd: dirname(config),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...env },
  });
}
