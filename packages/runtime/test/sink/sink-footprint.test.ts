import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { SinkTest } from './support/sink-test.ts';

/** For a record with a text of 100 characters; a fifth above what was measured. */
const budget = { promises: 0.065, heapBytes: 400 };

test('a record on its way to a sink costs no promise and few bytes', async () => {
  const records = 200_000;
  const sink = await SinkTest.start();
  try {
    await sink.produceNumbers('numbers', records, 1, 100);
    const roomForGarbage = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
    const script = join(import.meta.dirname, 'support/measure-sink.ts');
    const flags = ['--expose-gc', ...roomForGarbage, '--conditions=@millrace/source'];
    const command = [...flags, script, sink.broker.bootstrap, String(records)];
    const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: 30_000 });
    const { promises, heapBytes } = JSON.parse(stdout) as typeof budget;
    expect(promises).toBeLessThan(budget.promises);
    expect(heapBytes).toBeLessThan(budget.heapBytes);
  } finally {
    await sink.close();
  }
});
