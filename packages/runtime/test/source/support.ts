import {
  type Converter,
  defineSource,
  type Logger,
  type OffsetMap,
  type SourcePlugin,
  SourceRecord,
  type SourceRecordInit,
  type SourceTask,
  type SourceTaskContext,
} from '@millrace/api';
import type { Broker } from '@millrace/broker';
import { createSimpleHeaderConverter, createStringConverter } from '@millrace/converters';
import { createAdmin, createReader } from '@millrace/kafka';
import { type ChainStage, createTransformChain } from '@millrace/transforms';
import { onTestFinished } from 'vitest';
import type { OffsetEntry, OffsetKey } from '../../src/offsets/offset-entry.ts';
import { encodeOffsetKey } from '../../src/offsets/offset-json.ts';
import { createSourceTaskRunner } from '../../src/source/source-task-runner.ts';
import type { SourceClients } from '../../src/source/task-connections.ts';
import type { TaskRunner, TaskServices } from '../../src/task/task-runner.ts';
import type { ExactlyOnceSpec, TaskSettings, TaskSpec } from '../../src/task/task-spec.ts';

export type Context = SourceTaskContext<Record<string, never>>;

export interface TaskSetup {
  readonly broker: Broker;
  readonly open: (context: Context) => SourceTask | Promise<SourceTask>;
  readonly config?: Record<string, string>;
  readonly producer?: Record<string, string | number>;
  readonly settings?: Partial<TaskSettings>;
  readonly services?: Partial<TaskServices>;
  readonly stages?: readonly ChainStage[];
  readonly keyConverter?: Converter;
  readonly valueConverter?: Converter;
  readonly exactlyOnce?: ExactlyOnceSpec;
  readonly targetState?: 'started' | 'paused';
  readonly clients?: SourceClients;
}

export interface RunningTask {
  readonly runner: TaskRunner;
  /** Settles as `run` does. */
  readonly ended: Promise<void>;
  /** What was committed, by the text of the partition. */
  readonly offsets: Map<string, OffsetMap | null>;
  readonly commits: OffsetEntry[][];
  readonly states: string[];
  readonly topics: string[];
  readonly log: string[];
  stop(): Promise<void>;
}

const plugin = { className: 'TestSource', version: '1', module: 'test:', exportName: 'source' };
const none = { plugin, config: {} };

export function textOf(map: OffsetMap): string {
  return JSON.stringify(map, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

/** Runs a source task against the embedded broker; it is stopped when the test ends. */
export function startTask(setup: TaskSetup): RunningTask {
  const { broker } = setup;
  const offsets = new Map<string, OffsetMap | null>();
  const commits: OffsetEntry[][] = [];
  const states: string[] = [];
  const topics: string[] = [];
  const log: string[] = [];
  const definition = defineSource({
    name: 'test-source',
    version: '1',
    config: {},
    partition: { from: 'string' },
    offset: { at: 'int64' },
    open: setup.open as never,
  }) as unknown as SourcePlugin;
  const kafka = { 'bootstrap.servers': broker.bootstrap };
  const spec: TaskSpec = {
    id: { connector: 'c', task: 0 },
    kind: 'source',
    plugin,
    connectorConfig: { name: 'c', 'connector.class': 'TestSource', ...setup.config },
    taskConfig: {},
    keyConverter: { ...none, plugin: { ...plugin, className: 'KeyConverter' } },
    valueConverter: { ...none, plugin: { ...plugin, className: 'ValueConverter' } },
    headerConverter: { ...none, plugin: { ...plugin, className: 'HeaderConverter' } },
    transforms: (setup.stages ?? []).map(({ name }) => ({
      alias: name,
      config: {},
      plugin: { ...plugin, className: `Transform-${name}` },
    })),
    clients: {
      admin: kafka,
      producer: {
        ...kafka,
        ...(setup.exactlyOnce === undefined ? {} : { 'transactional.id': setup.exactlyOnce.transactionalId }),
        ...setup.producer,
      },
      deadLetterProducer: kafka,
    },
    settings: {
      offsetFlushIntervalMs: 20,
      offsetFlushTimeoutMs: 3000,
      bufferBytes: 1 << 24,
      topicCreation: true,
      ...setup.settings,
    },
    ...(setup.exactlyOnce === undefined ? {} : { exactlyOnce: setup.exactlyOnce }),
    targetState: setup.targetState ?? 'started',
  };
  const services: TaskServices = {
    readOffsets: async (partitions) => partitions.map((partition) => offsets.get(textOf(partition)) ?? null),
    writeOffsets: async (entries) => {
      commits.push([...entries]);
      for (const { partition, offset } of entries) offsets.set(textOf(partition), offset);
    },
    offsetKeys: async (partitions): Promise<OffsetKey[]> =>
      partitions.map((partition) => ({ key: encodeOffsetKey('c', partition), obsolete: [] })),
    offsetsCommitted: async (entries) => {
      commits.push([...entries]);
      for (const { partition, offset } of entries) offsets.set(textOf(partition), offset);
    },
    fenceEarlierTasks: async () => undefined,
    checkGeneration: async () => undefined,
    reconfigure: () => undefined,
    raiseError: () => undefined,
    ...setup.services,
  };
  const runner = createSourceTaskRunner({
    spec,
    definition,
    parts: {
      keyConverter: setup.keyConverter ?? createStringConverter({ part: 'key' }),
      valueConverter: setup.valueConverter ?? createStringConverter(),
      headerConverter: createSimpleHeaderConverter(),
      chain: createTransformChain(setup.stages ?? []),
    },
    services,
    observer: { stateChanged: (state) => states.push(state), topicUsed: (topic) => topics.push(topic) },
    log: linesInto(log),
    ...(setup.clients === undefined ? {} : { clients: setup.clients }),
  });
  const ended = runner.run();
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    runner.stop();
    await ended;
  };
  onTestFinished(async () => {
    runner.stop();
    const patience = setTimeout(() => runner.cancel(), 8000);
    await ended.catch(() => undefined);
    clearTimeout(patience);
  });
  return { runner, ended, offsets, commits, states, topics, log, stop };
}

export interface Numbers {
  readonly topic: string;
  readonly count: number;
  readonly batch?: number;
  /** What comes first; where the stored offset says, when left out. */
  readonly from?: number;
  readonly record?: (index: number) => Partial<SourceRecordInit>;
  readonly task?: Partial<SourceTask>;
}

/** A source of numbered records in one partition, that continues behind its stored offset and then has nothing more. */
export async function numbers(context: Context, options: Numbers): Promise<SourceTask> {
  const partition = context.offsets.partition({ from: 'numbers' });
  const stored = await context.offsets.get(partition);
  let next = options.from ?? Number((stored?.['at'] as bigint | undefined) ?? 0n);
  return {
    async poll() {
      const end = Math.min(options.count, next + (options.batch ?? 100));
      if (next >= end) return null;
      const records: SourceRecord[] = [];
      for (; next < end; next++) {
        records.push(
          new SourceRecord<OffsetMap, OffsetMap>({
            topic: options.topic,
            value: `${next}`,
            sourcePartition: partition,
            sourceOffset: { at: BigInt(next + 1) },
            ...options.record?.(next),
          }),
        );
      }
      return records;
    },
    ...options.task,
  };
}

export interface ReadRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly headers: Record<string, string | null>;
}

/** Everything in a topic as a consumer sees it. */
export async function readTopic(
  broker: Broker,
  topic: string,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_uncommitted',
): Promise<ReadRecord[]> {
  const settings = { 'bootstrap.servers': broker.bootstrap, 'isolation.level': isolation };
  const admin = createAdmin({ settings });
  const reader = createReader({ settings });
  try {
    const description = (await admin.describeTopics([topic])).get(topic);
    if (description === undefined) return [];
    reader.assign(description.partitions.map(({ partition }) => ({ topic, partition, offset: 0 })));
    const found: ReadRecord[] = [];
    await reader.readToEnd((records) => {
      const { record, partition } = records;
      const text = (start: number, end: number): string | null =>
        start < 0 ? null : record.buffer.toString('utf8', start, end);
      while (records.next()) {
        const { timestamp } = record;
        const key = text(record.keyStart, record.keyEnd);
        const value = text(record.valueStart, record.valueEnd);
        const headers: Record<string, string | null> = {};
        while (record.nextHeader()) {
          headers[text(record.headerNameStart, record.headerNameEnd) ?? ''] = text(
            record.headerValueStart,
            record.headerValueEnd,
          );
        }
        found.push({ partition, key, value, timestamp, headers });
      }
    });
    return found;
  } finally {
    await Promise.all([reader.close(), admin.close()]);
  }
}

/** Waits for something to become true. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function upTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index}`);
}

/** Throws for each text that `isPoison` says so of. */
export function poisoned(isPoison: (text: string) => boolean, error: () => Error): Converter {
  const strings = createStringConverter();
  return {
    ...strings,
    encode(topic, schema, value, writer, context) {
      const present = strings.encode(topic, schema, value, writer, context);
      if (isPoison(String(value))) throw error();
      return present;
    },
  };
}

function linesInto(lines: string[]): Logger {
  const write =
    (level: string) =>
    (message: string): void => {
      lines.push(`${level} ${message}`);
    };
  const log: Logger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: () => undefined,
    trace: () => undefined,
    isEnabled: () => false,
    child: () => log,
  };
  return log;
}
