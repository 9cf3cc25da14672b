import { Meter } from '../processes/meter.ts';
import { consumers } from './contenders.ts';
import type { System } from './systems.ts';

const records = 3_000_000;

/** A broker that has not served millions of records yet is not compiled, and the first scenario would pay for it. */
export function warm(start: () => Promise<System>): () => Promise<System> {
  let warmed: Promise<System> | undefined;
  const warmUp = async (): Promise<System> => {
    const system = await start();
    for (const partitions of [1, 4]) {
      const { ours } = consumers({ system: async () => system, partitions, valueBytes: 100 }, records);
      const target = await ours.prepare({ records });
      await ours.work(target, new Meter(), { records });
    }
    return system;
  };
  return () => (warmed ??= warmUp());
}
