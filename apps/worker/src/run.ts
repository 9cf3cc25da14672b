import { constants } from 'node:os';
import { type CommandContext, CommandError, exitCodes, exitCodesHelp } from './command.ts';
import { commands } from './commands.ts';

const usage = 'Usage: millrace COMMAND [OPTION]…; "millrace help" lists the commands.';

/** The terminal signals all processes at once, and a package manager passes the same signal on: that is one, not two. */
const sameSignalMs = 250;

/**
 * Runs the command that the arguments name, until it ends or the process is asked to end. The first Ctrl-C or SIGTERM ends
 * it in good order, the second at once.
 */
export async function run(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let first = 0;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (!stop.signal.aborted) {
      first = performance.now();
      stop.abort();
    } else if (performance.now() - first > sameSignalMs) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
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
    context.out(await helpOn(rest[0]));
    return exitCodes.done;
  }
  if (name === 'version' || name === '--version' || name === '-V') {
    context.out((await import('./version.ts')).version);
    return exitCodes.done;
  }
  const load = name === undefined ? undefined : commands.get(name);
  if (load === undefined) {
    context.err(name === undefined ? usage : `millrace: there is no command "${name}". ${usage}`);
    return exitCodes.usage;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    context.out(command.help);
    return exitCodes.done;
  }
  try {
    return await command.run(rest, context);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    context.err(`millrace ${name}: ${error.message}`);
    return error.exitCode;
  }
}

async function helpOn(name: string | undefined): Promise<string> {
  const load = name === undefined ? undefined : commands.get(name);
  if (load !== undefined) return (await load()).help;
  const all = await Promise.all([...commands.values()].map((one) => one()));
  return [
    'Usage: millrace COMMAND [OPTION]…',
    '',
    ...all.map((command) => `  ${command.name.padEnd(12)} ${command.summary}`),
    `  ${'help'.padEnd(12)} say more about a command: millrace help dev`,
    `  ${'--version'.padEnd(12)} print the version`,
    '',
    'Examples:',
    '  millrace dev                                        a broker and a worker to play with',
    '  millrace dev orders.json                            the same, with a connector',
    '  connect-standalone worker.properties sink.properties',
    '',
    exitCodesHelp,
  ].join('\n');
}
