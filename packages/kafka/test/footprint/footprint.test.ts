import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBroker } from '@millrace/broker';
import { describe, expect, test } from 'vitest';
import { type Footprint, type Measurement, measuredRecords } from './footprint.ts';

/** For a record of 100 bytes; a fifth to a half above what was measured. */
const budget = {
  produce: { promises: 0.15, heapBytes: 220, bufferBytes: 180 },
  consume: { promises: 0.01, heapBytes: 20, bufferBytes: 300 },
};

describe('100,000 records', async () => {
  const { produce, consume, resources } = await measure();

  test.each([
    ['produce', produce],
    ['consume', consume],
  ] as const)('%s within the budget of each record: no promise, and few bytes', (name, found) => {
    for (const what of ['promises', 'heapBytes', 'bufferBytes'] as const) {
      expect(perRecord(found, what), `${what} to ${name} a record`).toBeLessThan(budget[name][what]);
    }
  });

  test('leave no timer, no socket and no request behind when the clients are closed', () => {
    expect(resources).toEqual([]);
  });
});

function perRecord(found: Footprint, what: 'promises' | 'heapBytes' | 'bufferBytes'): number {
  return found[what] / measuredRecords;
}

/** In a process of its own, which then has to end by itself. */
async function measure(): Promise<Measurement> {
  const broker = await startBroker();
  try {
    const roomForGarbage = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
    const script = join(import.meta.dirname, 'measure.ts');
    const command = ['--expose-gc', ...roomForGarbage, '--conditions=@millrace/source', script, broker.bootstrap];
    const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: 30_000 });
    return JSON.parse(stdout) as Measurement;
  } finally {
    await broker.close();
  }
}
