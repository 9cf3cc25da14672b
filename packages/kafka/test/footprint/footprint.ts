import { GCProfiler, promiseHooks } from 'node:v8';

export const measuredRecords = 100_000;

/** What so many records cost. */
export interface Footprint {
  readonly promises: number;
  /** Objects. */
  readonly heapBytes: number;
  /** What lies outside the heap; less, where it was collected meanwhile, which the large young generation makes rare. */
  readonly bufferBytes: number;
}

export interface Measurement {
  readonly produce: Footprint;
  readonly consume: Footprint;
  /** What keeps the process alive after everything was closed. */
  readonly resources: readonly string[];
}

/** Counts what is allocated from here on until the work is done. */
export async function footprint(work: () => Promise<void>): Promise<Footprint> {
  // The first leaves the freeing of buffers to a thread; the second waits for it.
  globalThis.gc?.();
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  let promises = 0;
  const stopCounting = promiseHooks.onInit(() => {
    promises++;
  });
  const before = process.memoryUsage();
  await work();
  const after = process.memoryUsage();
  stopCounting();
  const collected = profiler
    .stop()
    .statistics.map(
      ({ beforeGC, afterGC }) => beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
    )
    .reduce((sum, bytes) => sum + bytes, 0);
  return {
    promises,
    heapBytes: after.heapUsed - before.heapUsed + collected,
    bufferBytes: after.arrayBuffers - before.arrayBuffers,
  };
}
