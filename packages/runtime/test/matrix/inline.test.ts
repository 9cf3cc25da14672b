import { afterAll, expect, test, vi } from 'vitest';
import { MatrixSites, matrixRows } from './matrix.ts';

// The rows wait much and work little.
vi.setConfig({ maxConcurrency: 12 });

const sites = new MatrixSites('inline');
afterAll(() => sites.close());

for (const row of matrixRows('inline')) {
  test.concurrent(`${row.kind}: ${row.situation.situation}`, { timeout: 150_000 }, async () => {
    const { letters = [] } = row.situation;
    expect(await sites.prove(row)).toEqual({ lost: [], ahead: [], doubled: [], letters });
  });
}
