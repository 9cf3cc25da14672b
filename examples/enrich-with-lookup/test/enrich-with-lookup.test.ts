import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('joins each order with its customer, and leaves none out', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const output = execFileSync(process.execPath, ['--conditions=@millrace/source', main], { encoding: 'utf8' });
  const joined = [...output.matchAll(/^after +(.*)$/gm)].map(([, json = '']) => JSON.parse(json));
  expect(joined).toEqual([
    {
      order: 'A-1',
      customer: { id: 1002 },
      total: 99.5,
      customerName: 'Bergström, Nils',
      creditLimit: 12000,
    },
    { order: 'A-2', customer: { id: 1003 }, total: 12, customerName: 'Carla Rossi', creditLimit: null },
    { order: 'A-3', customer: { id: 4711 }, total: 7.25, customerName: null, creditLimit: null },
  ]);
});
