import { runTool } from './tool.ts';

/** Compiles every package into its `dist`; what did not change comes from Turborepo's cache. */
export async function build(args: readonly string[], quiet = false): Promise<number> {
  const env = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  const result = await runTool('turbo', ['run', 'build', '--output-logs=errors-only', ...args], { env, quiet });
  if (quiet && result.code !== 0) process.stderr.write(result.output);
  return result.code;
}
