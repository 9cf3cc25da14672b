import { parseArgs } from 'node:util';
import { findGoldenDirectory } from './golden-directory.ts';
import { type FileResult, filesOf, groups, runGroup } from './run.ts';

const mostShown = 30;

interface Options {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly words: readonly string[];
}

/**
 * `pnpm golden [group…] [file…] [--mode standalone] [--json] [--verbose]`: replays the recorded vectors. The mode says which
 * kind of worker answers those of `rest`.
 *
 * @returns 0 when nothing failed, 1 when something did, 2 when called wrongly.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv);
  if (typeof options === 'string') return refuse(options);
  const { path, isSubset } = findGoldenDirectory();
  if (isSubset && !options.json) console.log('GOLDEN_DIR is absent: running the small subset of the repository.');
  const chosen = await choose(path, options.words);
  if (typeof chosen === 'string') return refuse(chosen);
  let failed = 0;
  for (const [group, files] of chosen) {
    for (const file of files) {
      const [result] = await runGroup(path, group, [file]);
      if (result === undefined) continue;
      failed += result.failures.length;
      show(result, options);
    }
  }
  return failed === 0 ? 0 : 1;
}

function parse(argv: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { mode: { type: 'string' }, json: { type: 'boolean' }, verbose: { type: 'boolean', short: 'v' } },
    });
    if ((values.mode ?? 'standalone') !== 'standalone')
      return `There is no mode '${values.mode}'; there is: standalone.`;
    return { json: values.json ?? false, verbose: values.verbose ?? false, words: positionals };
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? '';
  }
}

/** Words are groups or files; none means everything. A file alone is found in every group asked for. */
async function choose(
  directory: string,
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]> | string> {
  const namedGroups = words.filter((word) => groups.includes(word));
  const namedFiles = words
    .filter((word) => !groups.includes(word))
    .map((word) => word.replace(/(?:\.json)?$/, '.json'));
  const chosen = new Map<string, readonly string[]>();
  const found = new Set<string>();
  for (const group of namedGroups.length === 0 ? groups : namedGroups) {
    const all = await filesOf(directory, group);
    const files = namedFiles.length === 0 ? all : all.filter((file) => namedFiles.includes(file));
    for (const file of files) found.add(file);
    if (namedGroups.includes(group) && all.length === 0) return `There are no vectors of '${group}' in GOLDEN_DIR.`;
    chosen.set(group, files);
  }
  const unknown = namedFiles.find((file) => !found.has(file));
  return unknown === undefined
    ? chosen
    : `There is no group or file '${unknown.replace('.json', '')}'; groups: ${groups.join(', ')}.`;
}

function refuse(problem: string): number {
  console.error(`golden: ${problem}`);
  return 2;
}

function show({ group, file, passed, failures, deviations }: FileResult, { json, verbose }: Options): void {
  const [failed, deviated] = [failures.length, deviations.length];
  if (json) {
    console.log(JSON.stringify({ group, file, passed, failed, deviations: deviated }));
  } else {
    console.log(`${`${group}/${file}`.padEnd(42)} ${passed} passed / ${failed} failed / ${deviated} deviations`);
  }
  if (!verbose) return;
  // With --json the lines on standard output stay machine readable.
  const print = json ? console.error : console.log;
  for (const { id, difference } of failures.slice(0, mostShown)) print(`  failed    ${id}: ${difference}`);
  if (failed > mostShown) print(`  … and ${failed - mostShown} more failures`);
  for (const { id, rule, difference } of deviations.slice(0, mostShown)) print(`  ${rule}  ${id}: ${difference}`);
  if (deviated > mostShown) print(`  … and ${deviated - mostShown} more deviations`);
}
