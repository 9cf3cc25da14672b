import {
  type ConfigKeys,
  type ConfigOf,
  type OffsetFields,
  type OffsetMap,
  type OffsetOf,
  type PluginMetrics,
  parseConfig,
  type SinkPlugin,
  type SinkRecord,
  type SinkTaskContext,
  type SourceOffsets,
  type SourcePlugin,
  type SourceTaskContext,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@millrace/api';
import { createTestLog, type TestLog } from './test-log.ts';

/** What a task has asked of its context. */
export interface Asked {
  readonly errors: Error[];
  reconfigurations: number;
  commits: number;
  retryAfter: number | undefined;
  readonly seeks: TopicPartitionOffset[];
  readonly errant: { readonly record: SinkRecord; readonly error: Error }[];
}

export interface TestContext<C> {
  readonly context: C;
  readonly log: TestLog;
  readonly asked: Asked;
  /** Aborts the context's signal, as the runtime does when the task has to stop. */
  readonly abort: () => void;
}

/** An offset that the runtime had stored, for a task that goes on from there. */
export interface StoredOffset {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap;
}

const noMetrics: PluginMetrics = { gauge: () => undefined, counter: () => () => undefined };

/** A context for a source task outside of a worker. Partitions are interned as in a worker. */
export function createSourceContext<
  K extends ConfigKeys,
  P extends OffsetFields,
  O extends OffsetFields,
  T extends ConfigKeys = K,
>(
  plugin: SourcePlugin<K, P, O, T>,
  taskConfig: Readonly<Record<string, string>>,
  stored: readonly StoredOffset[] = [],
): TestContext<SourceTaskContext<ConfigOf<T>, OffsetOf<P>, OffsetOf<O>>> {
  const { common, ...rest } = createCommon(taskConfig);
  const partitions = new Map<string, OffsetMap>();
  const offsets = new Map(stored.map(({ partition, offset }) => [meaningOf(partition), offset]));
  const sourceOffsets: SourceOffsets<OffsetMap, OffsetMap> = {
    get: async (partition) => offsets.get(meaningOf(partition)),
    getAll: async (all) => all.map((partition) => offsets.get(meaningOf(partition))),
    partition: (partition) => {
      const meaning = meaningOf(partition);
      const known = partitions.get(meaning) ?? partition;
      partitions.set(meaning, known);
      return known;
    },
  };
  const { config } = parseConfig<ConfigKeys>(plugin.taskConfig ?? plugin.config, taskConfig);
  const context: SourceTaskContext<unknown> = { ...common, config, offsets: sourceOffsets, transaction: undefined };
  return { ...rest, context: context as SourceTaskContext<unknown> as SourceTaskContext<never, never, never> };
}

export interface SinkContextOptions {
  readonly assignment?: readonly TopicPartition[];
  /** Whether there is a dead letter queue or an error log. Left out: yes. */
  readonly takesErrant?: boolean;
}

/** A context for a sink task outside of a worker. */
export function createSinkContext<K extends ConfigKeys, T extends ConfigKeys = K>(
  plugin: SinkPlugin<K, T>,
  taskConfig: Readonly<Record<string, string>>,
  { assignment = [], takesErrant = true }: SinkContextOptions = {},
): TestContext<SinkTaskContext<ConfigOf<T>>> {
  const { common, ...rest } = createCommon(taskConfig);
  const { asked } = rest;
  const { config } = parseConfig<ConfigKeys>(plugin.taskConfig ?? plugin.config, taskConfig);
  return {
    ...rest,
    context: {
      ...common,
      config: config as ConfigOf<T>,
      assignment: () => assignment,
      seek: (offsets) => void asked.seeks.push(...offsets),
      retryAfter: (milliseconds) => {
        asked.retryAfter = milliseconds;
      },
      pause: () => undefined,
      resume: () => undefined,
      requestCommit: () => {
        asked.commits++;
      },
      reportErrant: takesErrant ? async (record, error) => void asked.errant.push({ record, error }) : undefined,
    },
  };
}

function createCommon(taskConfig: Readonly<Record<string, string>>): Omit<TestContext<never>, 'context'> & {
  readonly common: Pick<
    SourceTaskContext<unknown>,
    'log' | 'metrics' | 'signal' | 'taskConfig' | 'reconfigure' | 'raiseError'
  >;
} {
  const controller = new AbortController();
  const log = createTestLog();
  const asked: Asked = { errors: [], reconfigurations: 0, commits: 0, retryAfter: undefined, seeks: [], errant: [] };
  return {
    log,
    asked,
    abort: () => controller.abort(new Error('The task has to stop.')),
    common: {
      log,
      metrics: noMetrics,
      signal: controller.signal,
      taskConfig,
      reconfigure: () => {
        asked.reconfigurations++;
      },
      raiseError: (error) => void asked.errors.push(error),
    },
  };
}

function meaningOf(partition: OffsetMap): string {
  return Object.keys(partition)
    .sort()
    .map((name) => `${name}=${String(partition[name])}`)
    .join('\n');
}
