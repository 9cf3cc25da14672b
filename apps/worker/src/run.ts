import { type CommandContext, UsageError } from './command.ts';
import { commands } from './commands.ts';

const usage = 'Usage: millrace COMMAND [OPTION]…; "millrace help" lists the commands.';

/** Runs the command that the arguments name, until it ends or the process is asked to end. */
export async function run(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    return await dispatch(args, {
      out: (line) => process.stdout.write(`${line}\n`),
      err: (line) => process.stderr.write(`${line}\n`),
      signal: stop.signal,
    });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** @internal */
export async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help' || name === '--help' || name === '-h') {
    context.out(await listCommands());
    return 0;
  }
  const load = name === undefined ? undefined : commands.get(name);
  if (load === undefined) {
    context.err(name === undefined ? usage : `millrace: there is no command "${name}". ${usage}`);
    return 2;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    context.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, context);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.err(`millrace ${name}: ${error.message}`);
    return 2;
  }
}

async function listCommands(): Promise<string> {
  const all = await Promise.all([...commands.values()].map((load) => load()));
  return [
    'Usage: millrace COMMAND [OPTION]…',
    '',
    ...all.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`),
  ].join('\n');
}
