import { describe, expect, it } from 'vitest';
import { type FileResult, findGoldenDirectory, groups, runGroup, subsetDirectory } from '../src/index.ts';

const { path, isSubset } = findGoldenDirectory();
if (isSubset) console.warn('SKIPPED: GOLDEN_DIR is absent, only the subset of the recorded vectors was replayed.');

const vectors = groups.filter((group) => group !== 'rest');

describe.each(vectors)('the vectors of %s', (group) => {
  it('are met by the subset of the repository', async () => {
    const results = await runGroup(subsetDirectory, group);
    expect(failuresOf(results)).toEqual([]);
    expect(countOf(results)).toBeGreaterThan(50);
  });

  it.skipIf(isSubset)('are met, all of them, with less than 3 % deviations', async () => {
    const results = await runGroup(path, group);
    expect(failuresOf(results)).toEqual([]);
    expect(results.flatMap(({ deviations }) => deviations).length / countOf(results)).toBeLessThan(0.03);
  });
});

describe('the exchanges of rest', () => {
  it.skipIf(isSubset)('are answered by a standalone worker as they were recorded', { timeout: 120_000 }, async () => {
    const [result] = await runGroup(path, 'rest');
    expect(result?.failures).toEqual([]);
    expect(result?.passed).toBeGreaterThan(370);
  });
});

function failuresOf(results: readonly FileResult[]): readonly string[] {
  return results
    .flatMap(({ file, failures }) => failures.map(({ id, difference }) => `${file} ${id}: ${difference}`))
    .slice(0, 30);
}

function countOf(results: readonly FileResult[]): number {
  return results.reduce(
    (sum, { passed, failures, deviations }) => sum + passed + failures.length + deviations.length,
    0,
  );
}
