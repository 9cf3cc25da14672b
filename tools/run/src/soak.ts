import { UsageError } from './usage-error.ts';

/** Runs of hours that `pnpm test` holds a short form of, by name. */
const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {};

/** `pnpm soak NAME`. */
export async function soak([name, ...args]: readonly string[]): Promise<number> {
  const run = name === undefined ? undefined : soaks[name];
  if (run !== undefined) return run(args);
  const names = Object.keys(soaks).join(', ') || 'none yet; they come with the pipelines';
  throw new UsageError(`${name === undefined ? 'Name a soak' : `Unknown soak '${name}'`}; there are: ${names}.`);
}
