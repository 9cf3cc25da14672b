import { UsageError } from './usage-error.ts';

/** Runs with the arguments after the command's name; resolves to the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** Each command is loaded only when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  test: async () => (await import('./test.ts')).test,
  'test:unit': async () => (await import('./test.ts')).testUnit,
  'test:integration': async () => (await import('./test.ts')).testIntegration,
  'test:packed': async () => (await import('./test-packed.ts')).testPacked,
  check: async () => (await import('./check.ts')).check,
  generate: async () => (await import('./generate.ts')).generate,
  build: async () => (await import('./build.ts')).build,
  quickstart: async () => (await import('./quickstart.ts')).quickstart,
  golden: async () => (await import('@millrace/golden/cli')).run,
  bench: async () => (await import('@millrace/bench/cli')).run,
  soak: async () => (await import('./soak.ts')).soak,
  services: async () => (await import('@millrace/services/cli')).run,
  millrace: async () => (await import('./millrace.ts')).millrace,
};

/** The command `pnpm <name> …`. Bad use ends with code 2 and one line. */
export async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = commands[name];
  if (command === undefined) {
    console.error(`Unknown command '${name}'; there are: ${Object.keys(commands).join(', ')}.`);
    return 2;
  }
  try {
    return await (await command())(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
}
