import { afterAll, expect, test, vi } from 'vitest';
import { MatrixSites, matrixRows } from './matrix.ts';

// The rows wait much and work little, but for the start of threads.
vi.setConfig({ maxConcurrency: 8 });

const sites = new MatrixSites('thread');
afterAll(() => sites.close());

for (const row of matrixRows('thread')) {
  test.concurrent(`${row.kind}: ${row.situation.situation}`, { timeout: 150_000 }, async () => {
    const { letters = [] } = row.situation;
    expect(await sites.prove(row)).toEqual({ lost: [], ahead: [], doubled: [], letters });
  });
}
