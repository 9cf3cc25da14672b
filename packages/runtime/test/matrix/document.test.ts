import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { situations } from './matrix.ts';
import { matrixTable } from './table.ts';

const path = join(import.meta.dirname, '../../../../docs/delivery-guarantees.md');
const command = 'pnpm exec vitest run --project unit packages/runtime/test/matrix/document.test.ts --update';

test('docs/delivery-guarantees.md holds the matrix', async () => {
  const before = await readFile(path, 'utf8');
  const [open, close] = ['<!-- generated: error-matrix -->', '<!-- /generated: error-matrix -->'];
  const [start, end] = [before.indexOf(open) + open.length, before.indexOf(close)];
  expect(end, `${path} has the lines ${open} and ${close}`).toBeGreaterThan(start);
  const after = `${before.slice(0, start)}\n\n${matrixTable(situations)}\n\n${before.slice(end)}`;
  await expect(after, `docs/delivery-guarantees.md is out of date; write it with: ${command}`).toMatchFileSnapshot(
    path,
  );
});
