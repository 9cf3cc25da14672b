import { createInterface } from 'node:readline';
import { silentLogger } from '@millrace/api';
import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import { createKafkaOffsetStore, createWorker, filePlugins } from './millrace.ts';
import type { Properties } from './running-worker.ts';

/** Our worker in a process of its own: a request in each line of its standard input, an answer in each of its output. */
export type WorkerRequest =
  | { readonly does: 'start'; readonly connector: Properties }
  | { readonly does: 'look' | 'stop'; readonly name: string };

export type WorkerAnswer = { readonly failure?: string; readonly commitMs?: number };

/** So often a task says how long its commits took. */
const metricsMs = 250;
const properties = JSON.parse(process.argv[2] ?? '{}') as Properties;
const settings = { 'bootstrap.servers': properties['bootstrap.servers'] ?? '' };
const offsets = createKafkaOffsetStore({
  topic: properties['offset.storage.topic'] ?? '',
  partitions: 1,
  replicationFactor: 1,
  clients: {
    admin: createAdmin({ settings }),
    reader: createReader({ settings: { ...settings, 'isolation.level': 'read_committed' } }),
    producer: createProducer({ settings }),
  },
  log: silentLogger,
});
await offsets.start();
const worker = await createWorker({
  properties,
  plugins: [filePlugins],
  offsets,
  host: { metricsMs },
  log: ({ level, message }) => {
    if (level === 'warn' || level === 'error') console.error(message);
  },
});
console.log(JSON.stringify({}));
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await handle(JSON.parse(line) as WorkerRequest).catch((error: Error) => ({ failure: error.message }));
  console.log(JSON.stringify(answer));
}
await worker.close();

async function handle(request: WorkerRequest): Promise<WorkerAnswer> {
  if (request.does === 'start') {
    await worker.startConnector(request.connector);
    return {};
  }
  if (request.does === 'stop') {
    await worker.stopConnector(request.name);
    return {};
  }
  const { connector, tasks } = worker.status(request.name);
  const failure = [connector, ...tasks].find(({ state }) => state === 'FAILED');
  if (failure !== undefined) return { failure: failure.trace ?? 'FAILED' };
  const { offsetCommitTimeMsTotal } = worker.metrics(request.name, 0)['connector-task-metrics'] ?? {};
  return offsetCommitTimeMsTotal === undefined ? {} : { commitMs: offsetCommitTimeMsTotal };
}
