import type { KnownPlugin } from '@millrace/runtime';
import { parseArguments } from '../arguments.ts';
import { type Command, exitCodes, exitCodesHelp, UsageError } from '../command.ts';
import { loadPlugins, pluginPathOf } from '../worker/load-plugins.ts';

const help = `Usage: millrace plugins list [OPTION]…

Lists the plugins that a worker finds from here: those of the packages that the nearest package.json depends on, those that
come with Millrace, and those in the directories of plugin.path. A broken one is reported and left out.

  --json              as JSON, with the problems
  --plugin-path DIRS  directories whose children are packages with plugins, with commas between them

Examples:
  npm install @millrace/connector-file && millrace plugins list
  millrace plugins list --plugin-path /opt/connectors --json

${exitCodesHelp}`;

const flags = { json: { type: 'boolean' }, 'plugin-path': { type: 'string' } } as const;

export const pluginsCommand: Command = {
  name: 'plugins',
  summary: 'list the plugins that a worker finds here',
  help,
  async run(args, { out, err }) {
    const { values, positionals } = parseArguments('plugins', args, flags, { positionals: true });
    if (positionals.length !== 1 || positionals[0] !== 'list') {
      throw new UsageError('what there is to do is "list"; "millrace plugins --help" says more');
    }
    const problems: { readonly where: string; readonly message: string }[] = [];
    const registry = await loadPlugins({
      pluginPath: pluginPathOf(values['plugin-path']),
      report: (problem) => problems.push(problem),
    });
    const plugins = registry.plugins
      .map(describe)
      .toSorted((a, b) => compare(a.type, b.type) || compare(a.class, b.class));
    if (values.json === true) {
      out(JSON.stringify({ plugins, problems }, undefined, 2));
      return exitCodes.done;
    }
    for (const line of table(plugins)) out(line);
    for (const { where, message } of problems) err(`skipped ${where}: ${message}`);
    return exitCodes.done;
  },
};

interface PluginLine {
  readonly type: string;
  readonly class: string;
  readonly version: string;
  readonly package: string;
}

function describe({ kind, reference, packageName }: KnownPlugin): PluginLine {
  return { type: kind, class: reference.className, version: reference.version, package: packageName };
}

function table(plugins: readonly PluginLine[]): readonly string[] {
  const columns = ['type', 'class', 'version', 'package'] as const;
  const rows = [
    columns.map((column) => column.toUpperCase()),
    ...plugins.map((plugin) => columns.map((column) => plugin[column])),
  ];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
