import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Fills a table in a process of its own, where the collector can be called and nothing else is kept. */
const script = `
  import { Schema } from '@millrace/api';
  const { MemoryTable } = await import(process.argv[1]);
  const used = () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const schema = Schema.struct({ id: Schema.int64, name: Schema.string, city: Schema.string, note: Schema.string });
  const rows = 200_000;
  const table = new MemoryTable({ fields: ['name', 'city'] });
  const before = used();
  for (let id = 0; id < rows; id++) {
    const row = { id: BigInt(id), name: 'Customer ' + id, city: 'City of ' + (id % 1000), note: 'x'.repeat(50) + id };
    table.set('customer-' + id, schema, schema.create(row));
  }
  console.log((used() - before) / rows, table.size);
`;

it('a table in memory takes at most 300 bytes for a small row, key included', () => {
  const output = execFileSync(
    process.execPath,
    [
      '--expose-gc',
      '--conditions=@millrace/source',
      '--input-type=module',
      '--eval',
      script,
      import.meta.resolve('../../src/lookup/memory-table.ts'),
    ],
    { encoding: 'utf8', cwd: import.meta.dirname, timeout: 60_000 },
  );
  const [bytes, size] = output.split(' ').map(Number);
  expect(size).toBe(200_000);
  expect(bytes).toBeGreaterThan(50);
  expect(bytes).toBeLessThanOrEqual(300);
}, 60_000);
