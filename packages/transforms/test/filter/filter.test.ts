import { expect, it } from 'vitest';
import { filter } from '../../src/plugin.ts';
import { make, sinkRecord } from '../make.ts';

it('Filter drops tombstones and records with a value alike', async () => {
  const drop = await make(filter);
  expect([drop(sinkRecord()), drop(sinkRecord({ value: 'x' }))]).toEqual([null, null]);
});
