import { GCProfiler, promiseHooks } from 'node:v8';
import { defineSink, type SinkPlugin, silentLogger } from '@millrace/api';
import { createSimpleHeaderConverter, createStringConverter } from '@millrace/converters';
import { createTransformChain } from '@millrace/transforms';
import { createSinkTaskRunner } from '../../../src/sink/sink-task-runner.ts';
import type { TaskServices } from '../../../src/task/task-runner.ts';

/** Takes so many texts from the topic `numbers`, and prints what each of them has cost. */
const [bootstrap, records] = [process.argv[2], Number(process.argv[3])];
const plugin = { plugin: { className: 'Sink', version: '1', module: '', exportName: '' }, config: {} };
const config = { name: 'sink', 'connector.class': 'Sink', topics: 'numbers' };
const profiler = new GCProfiler();
let promises = 0;
let stopCounting: (() => void) | undefined;
let before: NodeJS.MemoryUsage | undefined;
let seen = 0;
let unmeasured = 0;

// The first half is unmeasured: what is compiled and grown to its size stays.
function put({ length }: { readonly length: number }): void {
  seen += length;
  if (seen >= records / 2 && before === undefined) {
    globalThis.gc?.();
    globalThis.gc?.();
    profiler.start();
    stopCounting = promiseHooks.onInit(() => {
      promises++;
    }) as () => void;
    before = process.memoryUsage();
    unmeasured = seen;
  } else if (before !== undefined && seen === records) {
    const measured = seen - unmeasured;
    const after = process.memoryUsage();
    stopCounting?.();
    const collected = profiler
      .stop()
      .statistics.map(
        ({ beforeGC, afterGC }) => beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
      )
      .reduce((sum, bytes) => sum + bytes, 0);
    const heapBytes = (after.heapUsed - before.heapUsed + collected) / measured;
    process.stdout.write(JSON.stringify({ promises: promises / measured, heapBytes }));
    runner.stop();
  }
}

const runner = createSinkTaskRunner({
  spec: {
    id: { connector: 'sink', task: 0 },
    kind: 'sink',
    plugin: plugin.plugin,
    connectorConfig: config,
    taskConfig: config,
    keyConverter: plugin,
    valueConverter: plugin,
    headerConverter: plugin,
    transforms: [],
    clients: {
      consumer: { 'bootstrap.servers': bootstrap, 'group.id': 'connect-sink', 'auto.offset.reset': 'earliest' },
      admin: { 'bootstrap.servers': bootstrap },
    },
    settings: {
      offsetFlushIntervalMs: 60_000,
      offsetFlushTimeoutMs: 5_000,
      bufferBytes: 96 * 1024 * 1024,
      topicCreation: true,
    },
    targetState: 'started',
  },
  definition: defineSink({ name: 'sink', version: '1', config: {}, open: () => ({ put }) }) as unknown as SinkPlugin,
  parts: {
    keyConverter: createStringConverter({ part: 'key' }),
    valueConverter: createStringConverter(),
    headerConverter: createSimpleHeaderConverter(),
    chain: createTransformChain([]),
  },
  services: {} as TaskServices,
  observer: { stateChanged: () => undefined, topicUsed: () => undefined },
  log: silentLogger,
});
await runner.run();
