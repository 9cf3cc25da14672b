import { parseArgs } from 'node:util';
import { cases } from './cases/index.ts';
import { measure, type Ratios } from './pair.ts';
import { table } from './table.ts';

/**
 * `pnpm bench [name] [--json] [--quick] [--only text]`.
 *
 * @returns 0 when all goals are reached, 1 when one is not, 2 when called wrongly.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv);
  if (typeof options === 'string') return refuse(options);
  const { name, json, quick, only } = options;
  if (name === undefined) {
    for (const [known, { about }] of Object.entries(cases)) console.log(`${known.padEnd(14)}${about}`);
    return 0;
  }
  const chosen = Object.hasOwn(cases, name) ? cases[name] : undefined;
  if (chosen === undefined) return refuse(`Unknown benchmark '${name}'; there are: ${Object.keys(cases).join(', ')}.`);
  const pairs = (await chosen.load())().filter((candidate) => candidate.name.includes(only ?? ''));
  const results: Ratios[] = [];
  for (const candidate of pairs) {
    const result = measure(candidate, quick ? { warmUpMs: 100, batchMs: 2, pairs: 15 } : {});
    results.push(result);
    if (json) console.log(JSON.stringify(result));
  }
  if (!json) console.log(table(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

interface Options {
  readonly name: string | undefined;
  readonly json: boolean;
  readonly quick: boolean;
  readonly only: string | undefined;
}

function parse(argv: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
    });
    if (positionals.length > 1) return `One benchmark at a time; got ${positionals.join(', ')}.`;
    return { name: positionals[0], json: values.json ?? false, quick: values.quick ?? false, only: values.only };
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? '';
  }
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}
