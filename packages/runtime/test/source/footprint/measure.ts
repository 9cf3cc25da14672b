import { GCProfiler, promiseHooks } from 'node:v8';
import { defineSource, type SourcePlugin, SourceRecord, silentLogger } from '@millrace/api';
import { createSimpleHeaderConverter, createStringConverter } from '@millrace/converters';
import { createTransformChain } from '@millrace/transforms';
import { createSourceTaskRunner } from '../../../src/source/source-task-runner.ts';

/** What the pipeline costs; the source gives the same records over and over, so that only the pipeline allocates. */
export interface SourceMeasurement {
  readonly records: number;
  readonly promises: number;
  readonly heapBytes: number;
  readonly milliseconds: number;
  readonly resources: readonly string[];
}

const records = Number(process.argv[3] ?? 200_000);
/** `poll` or `interval`: exactly once with that boundary. */
const boundary = process.argv[4];
const batchSize = 2000;
const kafka = { 'bootstrap.servers': process.argv[2] as string };
const plugin = { className: 'Measured', version: '1', module: 'test:', exportName: 'source' };
const none = { plugin, config: {} };

let left = records;
let profiler: GCProfiler;
let promises = 0;
let stopCounting: ReturnType<typeof promiseHooks.onInit> | undefined;
let before = 0;
let started = 0;
let measured: Omit<SourceMeasurement, 'resources'> | undefined;
const runner = createSourceTaskRunner({
  definition: defineSource({
    name: 'measured',
    version: '1',
    config: {},
    partition: { from: 'string' },
    offset: { at: 'int64' },
    open: ({ offsets }) => {
      const partition = offsets.partition({ from: 'numbers' });
      const value = 'x'.repeat(100);
      const batch = Array.from(
        { length: batchSize },
        () => new SourceRecord({ topic: 'measured', value, sourcePartition: partition, sourceOffset: { at: 1n } }),
      );
      return {
        // Once unmeasured: what is compiled and grown to its size stays.
        poll: async () => {
          if (left === 0) return null;
          left -= batchSize;
          return batch;
        },
      };
    },
  }) as unknown as SourcePlugin,
  spec: {
    id: { connector: 'c', task: 0 },
    kind: 'source',
    plugin,
    connectorConfig: {
      name: 'c',
      'connector.class': 'Measured',
      'transaction.boundary': boundary ?? 'poll',
      'transaction.boundary.interval.ms': '1000',
    },
    taskConfig: {},
    keyConverter: none,
    valueConverter: none,
    headerConverter: none,
    transforms: [],
    clients: { admin: kafka, producer: boundary === undefined ? kafka : { ...kafka, 'transactional.id': 'measured' } },
    ...(boundary === undefined ? {} : { exactlyOnce: { transactionalId: 'measured', offsetsTopic: 'offsets' } }),
    settings: { offsetFlushIntervalMs: 60_000, offsetFlushTimeoutMs: 5000, bufferBytes: 1 << 25, topicCreation: true },
    targetState: 'started',
  },
  parts: {
    keyConverter: createStringConverter({ part: 'key' }),
    valueConverter: createStringConverter(),
    headerConverter: createSimpleHeaderConverter(),
    chain: createTransformChain([]),
  },
  services: {
    readOffsets: async (partitions) => partitions.map(() => null),
    writeOffsets: async () => undefined,
    offsetKeys: async (partitions) => partitions.map(() => ({ key: Buffer.from('key'), obsolete: [] })),
    offsetsCommitted: async () => undefined,
    fenceEarlierTasks: async () => undefined,
    checkGeneration: async () => undefined,
    reconfigure: () => undefined,
    raiseError: () => undefined,
  },
  observer: { stateChanged: () => undefined, topicUsed: () => undefined },
  log: silentLogger,
});

const ended = runner.run();
await written(records);
begin();
left = records;
await written(2 * records);
end();
runner.stop();
await ended;
// Sockets that were destroyed are gone a few turns later.
for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
const resources = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
process.stdout.write(JSON.stringify({ ...measured, resources }));

async function written(count: number): Promise<void> {
  while ((runner.metrics?.()['source-task-metrics']?.['sourceRecordWriteTotal'] ?? 0) < count) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function begin(): void {
  globalThis.gc?.();
  globalThis.gc?.();
  profiler = new GCProfiler();
  profiler.start();
  stopCounting = promiseHooks.onInit(() => {
    promises++;
  });
  before = process.memoryUsage().heapUsed;
  started = performance.now();
}

function end(): void {
  const milliseconds = performance.now() - started;
  const after = process.memoryUsage().heapUsed;
  stopCounting?.();
  const collected = profiler
    .stop()
    .statistics.map(
      ({ beforeGC, afterGC }) => beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
    )
    .reduce((sum, bytes) => sum + bytes, 0);
  measured = { records, promises, heapBytes: after - before + collected, milliseconds };
}
