import { runTool } from './tool.ts';
import { UsageError } from './usage-error.ts';

/** Runs of minutes or hours that `pnpm test` holds a short form of, by name. */
const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  kill: async (args) => (await import('@millrace/soak/cli')).kill(args),
  memory: async (args) => (await import('@millrace/soak/cli')).memory(args),
  'kafka-faults': (args) => longTests('integration', 'packages/kafka/test/faults.integration.test.ts', args),
  matrix: (args) => longTests('unit', 'packages/runtime/test/matrix', args),
};

/** `pnpm soak NAME`. */
export async function soak([name, ...args]: readonly string[]): Promise<number> {
  const run = name === undefined ? undefined : soaks[name];
  if (run !== undefined) return run(args);
  const names = Object.keys(soaks).join(', ');
  throw new UsageError(`${name === undefined ? 'Name a soak' : `Unknown soak '${name}'`}; there are: ${names}.`);
}

/** Tests that last longer, and wait as long as the defaults do, where they are told that this is a soak. */
async function longTests(project: 'unit' | 'integration', file: string, args: readonly string[]): Promise<number> {
  const vitest = ['run', '--project', project, '--reporter=verbose', file, ...args];
  return (await runTool('vitest', vitest, { env: { MILLRACE_SOAK: 'true' } })).code;
}
