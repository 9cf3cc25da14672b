import { parseArgs } from 'node:util';
import { cases } from './cases/index.ts';
import type { Result, RunOptions } from './scenario.ts';
import { table } from './table.ts';

/**
 * `pnpm bench [name] [--json] [--quick] [--only text] [--runs n]`.
 *
 * @returns 0 when all goals are reached, 1 when one is not, 2 when called wrongly.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv);
  if (typeof options === 'string') return refuse(options);
  const { name, json, only, ...runOptions } = options;
  if (name === undefined) {
    for (const [known, { about }] of Object.entries(cases)) console.log(`${known.padEnd(14)}${about}`);
    return 0;
  }
  const chosen = Object.hasOwn(cases, name) ? cases[name] : undefined;
  if (chosen === undefined) return refuse(`Unknown benchmark '${name}'; there are: ${Object.keys(cases).join(', ')}.`);
  const bench = await chosen.load();
  const results: Result[] = [];
  try {
    for (const scenario of bench.scenarios.filter((candidate) => candidate.name.includes(only))) {
      const result = await scenario.run(runOptions);
      results.push(result);
      if (json) console.log(JSON.stringify(result));
    }
  } finally {
    await bench.close?.();
  }
  if (results.length === 0) return refuse(`No scenario of ${name} has '${only}' in its name.`);
  if (!json) console.log(table(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

interface Options extends RunOptions {
  readonly name: string | undefined;
  readonly json: boolean;
  readonly only: string;
}

function parse(argv: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        quick: { type: 'boolean' },
        only: { type: 'string' },
        runs: { type: 'string' },
      },
    });
    const { json = false, quick = false, only = '', runs } = values;
    if (positionals.length > 1) return `One benchmark at a time; got ${positionals.join(', ')}.`;
    if (runs !== undefined && !/^[1-9]\d?$/.test(runs)) return `--runs is '${runs}', not a number from 1 to 99.`;
    return { name: positionals[0], json, quick, only, ...(runs === undefined ? {} : { runs: Number(runs) }) };
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? '';
  }
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}
