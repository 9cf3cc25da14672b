import { parseArgs } from 'node:util';
import type { ServiceEnvironment } from './definition.ts';
import { ServiceError, usageError } from './errors.ts';
import { findHost, startHost } from './host-connection.ts';
import { parseOptions, resolveOptions } from './options.ts';
import { PORT_BLOCK } from './ports.ts';
import { progress } from './progress.ts';
import { lastLines } from './run-command.ts';
import { type InstanceSummary, withoutPassword } from './service-hub.ts';
import { catalog, definitionOf } from './services/catalog.ts';

const HELP = `Starts the real systems that Millrace is tested against.

  services list                                   every service: version, installed, running and where
  services install NAME…                          into \${MILLRACE_SERVICES_HOME:-~/.cache/millrace/services}
  services start NAME [--port N] [KEY=VALUE…]     installs first when needed; prints its addresses as export lines
  services restart NAME [PROCESS]                 on the same data and ports
  services kill NAME [PROCESS]                    SIGKILL; restart brings it back with its data
  services stop NAME                              ends it and removes its data

KEY=VALUE is an option of the service or goes into its own configuration; see tools/services/README.md.
`;

type Command = (words: readonly string[], port: number | undefined) => Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  list: async () => {
    process.stdout.write(table(await listRows()));
  },

  install: async (names) => {
    if (names.length === 0) throw usageError('install which service? see: services list');
    const definitions = names.map(definitionOf);
    for (const [index, definition] of definitions.entries()) {
      await definition.install();
      progress(`${names[index]} is installed in ${definition.installation()}`);
    }
  },

  start: async ([name = '', ...words], port) => {
    const definition = definitionOf(name);
    const options = parseOptions(words);
    const resolved = resolveOptions(name, definition, options);
    const running = await find(name);
    if (running !== undefined) {
      if (!running.running) throw usageError(`${name} was killed: restart brings it back, stop removes it`);
      if (words.length > 0 || port !== undefined)
        throw usageError(`${name} runs already, at ${withoutPassword(running.address)}; stop it first`);
      return printEnvironment(running.env);
    }
    for (const [option, needed] of Object.entries(definition.needs ?? {})) {
      if (resolved.options[option] === '' && needed !== undefined) await definitionOf(needed).install();
    }
    await definition.install();
    const host = await startHost();
    const began = performance.now();
    const { env, address, directory } = await host.start({
      name,
      id: name,
      options,
      ...(port === undefined ? {} : { port }),
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    progress(
      `${name} is ready after ${seconds} s at ${withoutPassword(address)}; its data and logs are in ${directory}`,
    );
    printEnvironment(env);
  },

  stop: ([name = '']) => act(name, 'stop'),
  kill: ([name = '', process]) => act(name, 'kill9', process),
  restart: async ([name = '', process]) => {
    await act(name, 'restart', process);
    printEnvironment((await find(name))?.env ?? {});
  },
};

/** Runs `pnpm services …` and returns its exit code: 2 with one line on standard error for bad use, 1 for a failure. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const { command, words, port } = parse(argv);
    if (command === 'help') process.stdout.write(HELP);
    else await commandOf(command)(words, port);
    return 0;
  } catch (error) {
    const isExpected = ServiceError.isInstance(error);
    const text = isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    const isBadUse = isExpected && error.code !== 'SERVICE_FAILED';
    progress(isBadUse ? lastLines(text.replaceAll('\n', ' '), 1) : text);
    return isBadUse ? 2 : 1;
  }
}

function parse(argv: readonly string[]) {
  try {
    const options = { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const [command = 'help', ...words] = positionals;
    if (argv.length === 0)
      throw usageError(`which command? ${Object.keys(commands).join(', ')}; more: services --help`);
    return {
      command: values.help ? 'help' : command,
      words,
      port: values.port === undefined ? undefined : parsePort(values.port),
    };
  } catch (error) {
    if (ServiceError.isInstance(error)) throw error;
    throw usageError((error as Error).message.split('. ', 1).join());
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535 - PORT_BLOCK)
    throw usageError(`--port is 1024 to ${65_535 - PORT_BLOCK}, not ${text}`);
  return port;
}

function commandOf(name: string): Command {
  if (Object.hasOwn(commands, name)) return commands[name]!;
  throw usageError(`no command ${name}; there are: ${Object.keys(commands).join(', ')}`);
}

async function find(name: string): Promise<InstanceSummary | undefined> {
  const instances = (await (await findHost())?.list()) ?? [];
  return instances.find(({ id }) => id === name);
}

async function act(name: string, action: 'stop' | 'kill9' | 'restart', process?: string): Promise<void> {
  definitionOf(name);
  const host = await findHost();
  const instances = (await host?.list()) ?? [];
  if (host === undefined || !instances.some(({ id }) => id === name)) {
    const others = instances.map(({ id }) => id).join(', ') || 'nothing';
    throw usageError(`no ${name} was started from a terminal (running: ${others})`);
  }
  await host.act(name, action, process);
  progress(`${name}: ${{ stop: 'stopped', kill9: 'killed', restart: 'restarted' }[action]}`);
}

function printEnvironment(env: ServiceEnvironment): void {
  for (const [key, value] of Object.entries(env)) {
    if (value !== undefined) process.stdout.write(`export ${key}=${shellWord(value)}\n`);
  }
}

const shellWord = (value: string): string =>
  /^[\w./:@,=+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

async function listRows(): Promise<readonly (readonly string[])[]> {
  const instances = (await (await findHost())?.list()) ?? [];
  const state = (name: string) => {
    const instance = instances.find(({ id }) => id === name);
    if (instance === undefined) return '-';
    return instance.running ? withoutPassword(instance.address) : 'killed';
  };
  const rows = Object.keys(catalog).map((name) => {
    const definition = definitionOf(name);
    return [
      name,
      definition.version,
      state(name),
      definition.installation() ?? 'not installed',
      definition.description,
    ];
  });
  return [['SERVICE', 'VERSION', 'RUNNING', 'INSTALLED', 'WHAT'], ...rows];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
