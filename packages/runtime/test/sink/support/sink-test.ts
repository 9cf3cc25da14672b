import {
  defineSink,
  type Logger,
  type SinkPlugin,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
} from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createSimpleHeaderConverter, createStringConverter } from '@millrace/converters';
import {
  type Admin,
  createAdmin,
  createProducer,
  type Producer,
  type ProducerRecord,
  type RawSettings,
} from '@millrace/kafka';
import { createTransformChain } from '@millrace/transforms';
import { createSinkTaskRunner, type SinkClients } from '../../../src/sink/sink-task-runner.ts';
import type { TaskParts, TaskRunner } from '../../../src/task/task-runner.ts';
import type { ConfiguredTransform, TaskSettings, TaskSpec } from '../../../src/task/task-spec.ts';

export type Open = (context: SinkTaskContext<Record<never, never>>) => SinkTask | Promise<SinkTask>;

export interface StartOptions {
  readonly connector?: string;
  readonly task?: number;
  readonly config?: Readonly<Record<string, string>>;
  readonly consumer?: RawSettings;
  readonly settings?: Partial<TaskSettings>;
  readonly parts?: Partial<TaskParts>;
  readonly transforms?: readonly ConfiguredTransform[];
  readonly targetState?: TaskSpec['targetState'];
  readonly clients?: SinkClients;
}

/** A task that runs, and what it has said. */
export interface StartedSink extends TaskRunner {
  /** Settles as `run` does. */
  readonly over: Promise<void>;
  /** What it failed of, once it has. */
  failure: Error | undefined;
  readonly states: string[];
  readonly topics: string[];
  readonly log: string[];
  counters(): Readonly<Record<string, number>>;
}

/** A broker, and sink tasks that read from it. */
export class SinkTest {
  readonly admin: Admin;
  readonly producer: Producer;
  readonly #broker: Broker;
  readonly #tasks: StartedSink[] = [];

  private constructor(broker: Broker) {
    const settings = { 'bootstrap.servers': broker.bootstrap };
    this.#broker = broker;
    this.admin = createAdmin({ settings });
    this.producer = createProducer({ settings: { ...settings, 'linger.ms': 0 } });
  }

  static async start(data?: string): Promise<SinkTest> {
    return new SinkTest(await startBroker(data === undefined ? {} : { data }));
  }

  get broker(): Broker {
    return this.#broker;
  }

  async close(): Promise<void> {
    for (const task of this.#tasks) task.stop();
    await Promise.all(this.#tasks.map(({ over }) => over.catch(() => undefined)));
    await this.producer.close({ timeoutMs: 0 });
    await this.admin.close();
    await this.#broker.close();
  }

  async topic(name: string, partitions = 1): Promise<void> {
    await this.admin.createTopics([{ name, partitions }]);
  }

  async produce(topic: string, ...values: (string | null | Partial<ProducerRecord>)[]): Promise<void> {
    await this.producer.loadTopic(topic);
    const sent = values.map((value) => {
      const record = typeof value === 'string' ? { value: Buffer.from(value) } : (value ?? { value: null });
      return this.producer.send({ topic, partition: 0, ...record });
    });
    await Promise.all(sent);
  }

  /** Numbered records, their numbers as text, over all partitions by turns; without a promise each. */
  async produceNumbers(topic: string, count: number, partitions = 1, pad = 0): Promise<void> {
    await this.producer.loadTopic(topic);
    for (let number = 0; number < count; number++) {
      if (!this.producer.hasRoom) await this.producer.room();
      const appender = this.producer.appender(topic, number % partitions);
      const writer = appender.begin(1_700_000_000_000 + number);
      writer.key(null);
      writer.value(Buffer.from(String(number).padEnd(pad, ' ')));
      writer.headers(0);
      appender.end();
    }
    await this.producer.flush();
  }

  async committed(connector = 'sink'): Promise<Record<string, number>> {
    const offsets = await this.admin.listGroupOffsets(`connect-${connector}`);
    return Object.fromEntries(offsets.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]));
  }

  /** Starts a task; it is stopped at the end of the test at the latest. */
  start(open: Open, options: StartOptions = {}): StartedSink {
    const { connector = 'sink', task = 0, config = {}, consumer = {}, settings = {}, transforms = [] } = options;
    const bootstrap = { 'bootstrap.servers': this.#broker.bootstrap };
    const plugin = (className: string) => ({
      plugin: { className, version: '1', module: '', exportName: '' },
      config: {},
    });
    const connectorConfig = { name: connector, 'connector.class': 'Test', topics: 'numbers', ...config };
    const spec: TaskSpec = {
      id: { connector, task },
      kind: 'sink',
      plugin: plugin('TestSink').plugin,
      connectorConfig,
      taskConfig: connectorConfig,
      keyConverter: plugin('TestKeyConverter'),
      valueConverter: plugin('TestValueConverter'),
      headerConverter: plugin('TestHeaderConverter'),
      transforms,
      clients: {
        consumer: {
          ...bootstrap,
          'group.id': `connect-${connector}`,
          'auto.offset.reset': 'earliest',
          'fetch.max.wait.ms': 50,
          'heartbeat.interval.ms': 100,
          'metadata.max.age.ms': 500,
          ...consumer,
        },
        admin: bootstrap,
        deadLetterProducer: { ...bootstrap, 'linger.ms': 0 },
      },
      settings: {
        offsetFlushIntervalMs: 60_000,
        offsetFlushTimeoutMs: 5_000,
        bufferBytes: 16 * 1024 * 1024,
        topicCreation: true,
        ...settings,
      },
      targetState: options.targetState ?? 'started',
    };
    const states: string[] = [];
    const topics: string[] = [];
    const log: string[] = [];
    const runner = createSinkTaskRunner({
      spec,
      definition: defineSink({ name: 'test-sink', version: '1', config: {}, open }) as unknown as SinkPlugin,
      parts: {
        keyConverter: createStringConverter({ part: 'key' }),
        valueConverter: createStringConverter(),
        headerConverter: createSimpleHeaderConverter(),
        chain: createTransformChain([]),
        ...options.parts,
      },
      services: noServices,
      observer: { stateChanged: (state) => states.push(state), topicUsed: (topic) => topics.push(topic) },
      log: logInto(log),
      ...(options.clients === undefined ? {} : { clients: options.clients }),
    });
    const over = runner.run();
    const started: StartedSink = {
      run: () => over,
      pause: () => runner.pause(),
      resume: () => runner.resume(),
      stop: () => runner.stop(),
      cancel: () => runner.cancel(),
      over,
      failure: undefined,
      states,
      topics,
      log,
      counters: () => {
        const groups = runner.metrics?.() ?? {};
        return { ...groups['sink-task-metrics'], ...groups['connector-task-metrics'], ...groups['task-error-metrics'] };
      },
    };
    over.catch((error: Error) => {
      started.failure = error;
    });
    this.#tasks.push(started);
    return started;
  }
}

/** Keeps the values of what it was given. */
export class Collector implements SinkTask {
  readonly values: unknown[] = [];
  readonly records: SinkRecord[] = [];
  readonly batches: number[] = [];
  closed = 0;

  put(records: readonly SinkRecord[]): void {
    if (records.length > 0) this.batches.push(records.length);
    for (const record of records) {
      this.values.push(record.value);
      this.records.push(record);
    }
  }

  close(): void {
    this.closed++;
  }
}

/** Waits until the check holds; fails with what it said last. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = 15_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function logInto(lines: string[]): Logger {
  const write =
    (level: string): Logger['info'] =>
    (message, fields) => {
      const { error } = fields ?? {};
      lines.push(`${level} ${message}${error instanceof Error ? `: ${error.message}` : ''}`);
    };
  const log: Logger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    trace: write('trace'),
    isEnabled: () => true,
    child: () => log,
  };
  return log;
}

const unasked = (): never => {
  throw new Error('A sink asks for no such thing.');
};

const noServices = {
  readOffsets: unasked,
  writeOffsets: unasked,
  offsetKeys: unasked,
  offsetsCommitted: unasked,
  fenceEarlierTasks: unasked,
  checkGeneration: unasked,
  reconfigure: unasked,
  raiseError: unasked,
};
