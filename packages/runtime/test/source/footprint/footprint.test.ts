import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBroker } from '@millrace/broker';
import { expect, test } from 'vitest';
import type { SourceMeasurement } from './measure.ts';

/** For a record of 100 bytes, from `poll` to the acknowledged offset; about a half above what was measured. */
const budget = { promises: 0.2, heapBytes: 250 };

test('a record costs no promise and few bytes, and nothing stays open', async () => {
  const { records, promises, heapBytes, resources } = await measure();
  expect(promises / records).toBeLessThan(budget.promises);
  expect(heapBytes / records).toBeLessThan(budget.heapBytes);
  expect(resources).toEqual([]);
});

/** In a process of its own, which then has to end by itself. */
async function measure(): Promise<SourceMeasurement> {
  const broker = await startBroker();
  try {
    const roomForGarbage = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
    const script = join(import.meta.dirname, 'measure.ts');
    const command = ['--expose-gc', ...roomForGarbage, '--conditions=@millrace/source', script, broker.bootstrap];
    const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: 30_000 });
    return JSON.parse(stdout) as SourceMeasurement;
  } finally {
    await broker.close();
  }
}
