import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from './compare.ts';
import { type DeviationRule, deviationRules } from './deviations.ts';
import type { AnyCase, Suite } from './suite.ts';
import { suites } from './suites/suites.ts';

export interface FileResult {
  readonly group: string;
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly CaseDifference[];
  /** Cases that differ as a rule says. */
  readonly deviations: readonly (CaseDifference & { readonly rule: string })[];
}

interface CaseDifference {
  readonly id: string;
  readonly difference: string;
}

export const groups: readonly string[] = Object.keys(suites);

/** The vector files of a group, by name. */
export async function filesOf(directory: string, group: string): Promise<readonly string[]> {
  const names = await readdir(join(directory, group)).catch(() => []);
  return names.filter((name) => name.endsWith('.json')).sort();
}

/** Replays the vectors of a group, all files or those named. */
export async function runGroup(
  directory: string,
  group: string,
  files?: readonly string[],
): Promise<readonly FileResult[]> {
  const load = suites[group];
  if (load === undefined) throw new RangeError(`There is no group '${group}'; there are: ${groups.join(', ')}.`);
  const suite = await load();
  const results: FileResult[] = [];
  for (const file of files ?? (await filesOf(directory, group))) {
    const content: unknown = JSON.parse(await readFile(join(directory, group, file), 'utf8'));
    try {
      results.push(await runCases(suite, file, suite.cases(file, content)));
    } finally {
      await suite.close?.();
    }
  }
  return results;
}

/** Replays cases; a case that differs is a deviation when a rule applies to it, else a failure. */
export async function runCases<C extends AnyCase>(
  suite: Suite<C>,
  file: string,
  cases: readonly C[],
  rules: readonly DeviationRule<C>[] = suite.rules ?? (deviationRules as unknown as readonly DeviationRule<C>[]),
): Promise<FileResult> {
  let passed = 0;
  const failures: CaseDifference[] = [];
  const deviations: (CaseDifference & { readonly rule: string })[] = [];
  for (const goldenCase of cases) {
    const outcome = await replay(suite, goldenCase);
    const difference = suite.compare(goldenCase, outcome);
    if (difference === undefined) {
      passed++;
      continue;
    }
    const rule = rules.find(({ applies }) => applies(goldenCase, outcome));
    if (rule === undefined) failures.push({ id: goldenCase.id, difference });
    else deviations.push({ id: goldenCase.id, difference, rule: rule.id });
  }
  return { group: suite.group, file, passed, failures, deviations };
}

async function replay<C extends AnyCase>(suite: Suite<C>, goldenCase: C): Promise<Outcome> {
  try {
    return await suite.replay(goldenCase);
  } catch (error) {
    return { error };
  }
}
