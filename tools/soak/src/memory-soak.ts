import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, TimeoutError } from '@millrace/api';
import { type Admin, createAdmin, createProducer } from '@millrace/kafka';
import { fit } from './fit.ts';
import { WorkerProcess } from './worker-process.ts';

export interface MemorySoakOptions {
  readonly bootstrapServers: string;
  /** `flow`: numbers go through at a steady rate; `backlog`: a slow sink drains what is there already. */
  readonly scenario: 'flow' | 'backlog';
  /** How long the flow lasts. */
  readonly minutes: number;
  /** How large the backlog is. */
  readonly gib: number;
}

export interface MemorySoakResult {
  readonly scenario: string;
  readonly seconds: number;
  readonly records: number;
  readonly highestMb: number;
  /** By how much memory has grown from one end to the other, on the straight line through what was measured. */
  readonly growthMb: number;
  readonly ok: boolean;
}

const limitMb = 250;
const growthLimitMb = 25;
/** Before that long a heap has not come to rest, and a straight line says nothing. */
const shortestSeconds = 300;
/** Left alone, V8 lets a heap grow with the memory of the machine before it collects anything. */
const resourceLimits = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };
const recordsPerSecond = 20_000;
const valueBytes = 1024;

/** Runs a worker for a while and looks at its memory. */
export async function memorySoak(options: MemorySoakOptions): Promise<MemorySoakResult> {
  const { bootstrapServers, scenario } = options;
  const topic = `memory-${scenario}-${Date.now().toString(36)}`;
  const directory = await mkdtemp(join(tmpdir(), 'millrace-memory-'));
  const admin = createAdmin({ settings: { 'bootstrap.servers': bootstrapServers } });
  try {
    await createTopic(admin, topic, scenario === 'flow');
    const backlog = scenario === 'backlog' ? await fill(bootstrapServers, topic, options.gib) : 0;
    const started = performance.now();
    const connectors = scenario === 'flow' ? flow(topic) : [slowSink(topic)];
    const properties = { 'group.id': topic, 'offset.storage.topic': `${topic}-offsets` };
    const spec = { bootstrapServers, properties, connectors, host: { resourceLimits } };
    const worker = new WorkerProcess(spec, join(directory, 'log'));
    try {
      await worker.ready();
      if (scenario === 'flow') await sleep(options.minutes * 60_000);
      else await drained(admin, topic, backlog, worker);
      if (!worker.isRunning) throw new Error(`The worker has ended by itself; see ${join(directory, 'log')}.`);
      const seconds = (performance.now() - started) / 1000;
      const records = await committed(admin, topic);
      await rm(directory, { recursive: true });
      return resultOf(scenario, seconds, records, worker.rss);
    } finally {
      await worker.kill9();
    }
  } finally {
    await admin.deleteTopics([topic]);
    await admin.close();
  }
}

function resultOf(scenario: string, seconds: number, records: number, rss: readonly number[]): MemorySoakResult {
  const megabytes = rss.map((bytes) => bytes / 2 ** 20);
  const highestMb = Math.max(...megabytes);
  // The first fifth is the start.
  const growthMb = fit(megabytes.slice(Math.floor(megabytes.length / 5))).growth;
  const isFlat = seconds < shortestSeconds || growthMb < growthLimitMb;
  return { scenario, seconds, records, highestMb, growthMb, ok: records > 0 && highestMb < limitMb && isFlat };
}

function flow(topic: string): readonly Readonly<Record<string, string>>[] {
  const source = {
    name: 'source',
    'connector.class': 'verifiable-source',
    topic,
    throughput: `${recordsPerSecond}`,
    'value.bytes': '100',
  };
  return [source, { name: `sink-${topic}`, 'connector.class': 'verifiable-sink', topics: topic }];
}

function slowSink(topic: string): Readonly<Record<string, string>> {
  return { name: `sink-${topic}`, 'connector.class': 'verifiable-sink', topics: topic, 'put.delay.ms': '20' };
}

async function createTopic(admin: Admin, topic: string, isShort: boolean): Promise<void> {
  const configs = isShort ? { 'retention.bytes': `${256 << 20}`, 'segment.bytes': `${64 << 20}` } : {};
  const error = (await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 1, configs }])).get(topic);
  if (error !== undefined) throw error;
}

/** @returns how many records there are */
async function fill(bootstrapServers: string, topic: string, gib: number): Promise<number> {
  const producer = createProducer({ settings: { 'bootstrap.servers': bootstrapServers, 'batch.size': '524288' } });
  const failures: Error[] = [];
  const target = { acknowledged: () => undefined, failed: (_: unknown, error: Error) => void failures.push(error) };
  const records = Math.ceil((gib * 2 ** 30) / valueBytes);
  try {
    await producer.loadTopic(topic);
    const appender = producer.appender(topic, 0);
    const value = Buffer.alloc(valueBytes, '.');
    for (let number = 0; number < records; number++) {
      if (!producer.hasRoom) await producer.room();
      value.write(String(number).padStart(12, '0'), valueBytes - 12);
      const writer = appender.begin(Date.now());
      writer.key(null);
      writer.value(value);
      appender.end(target, number);
    }
    await producer.flush();
  } finally {
    await producer.close();
  }
  if (failures[0] !== undefined) throw failures[0];
  return records;
}

async function drained(admin: Admin, topic: string, records: number, worker: WorkerProcess): Promise<void> {
  let last = -1;
  let progressAt = performance.now();
  for (;;) {
    const offset = await committed(admin, topic);
    if (offset >= records || !worker.isRunning) return;
    if (offset > last) progressAt = performance.now();
    else if (performance.now() - progressAt > 60_000) {
      throw new TimeoutError(`The sink has committed nothing beyond ${offset} of ${records} for a minute.`);
    }
    last = offset;
    await sleep(200);
  }
}

/** How far the sink has come. */
async function committed(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.listGroupOffsets(`connect-sink-${topic}`);
  return offsets.find((found) => found.topic === topic)?.offset ?? 0;
}
