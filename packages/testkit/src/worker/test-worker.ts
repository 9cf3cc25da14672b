import { silentLogger, sleep, TimeoutError } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import {
  type ConnectorStatus,
  createKafkaOffsetStore,
  createWorker,
  type LogLine,
  type OffsetStore,
  type RunState,
  type Worker,
  type WorkerOptions,
} from '@millrace/runtime';
import { type CheckTopicOptions, checkTopic } from '../numbers/check-topic.ts';
import type { NumberCheck } from '../numbers/number-check.ts';
import { type ConsumeOptions, type ReceivedRecord, type TestRecord, TestTopics } from './test-topics.ts';

export interface TestWorkerOptions {
  /** Modules with connectors: `[import.meta.resolve('my-connector/plugin')]`. */
  readonly plugins: readonly string[];
  /** Left out: an embedded broker, which ends with the worker. */
  readonly bootstrapServers?: string;
  /** The worker's configuration, over that for tests: texts as keys and values, offsets stored every 100 ms. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Where connectors run: in this thread, as when left out, or in others, as in production. */
  readonly hostKind?: 'inline' | 'thread';
  /** What hosts are made with besides: limits of their heaps, deadlines. */
  readonly host?: WorkerOptions['host'];
  /** Hears every line of the log. */
  readonly log?: (line: LogLine) => void;
}

export interface WaitOptions {
  /** Left out: 30 seconds. */
  readonly timeoutMs?: number;
}

/** Starts a worker within this process. */
export async function createTestWorker(options: TestWorkerOptions): Promise<TestWorker> {
  const broker = options.bootstrapServers === undefined ? await startBroker() : undefined;
  const bootstrapServers = options.bootstrapServers ?? broker?.bootstrap ?? '';
  const properties = {
    'group.id': 'test-worker',
    'offset.storage.topic': 'test-worker-offsets',
    'offset.flush.interval.ms': '100',
    'key.converter': 'StringConverter',
    'value.converter': 'StringConverter',
    ...options.properties,
    'bootstrap.servers': bootstrapServers,
  };
  try {
    const worker = await createWorker({
      properties,
      plugins: options.plugins,
      hostKind: options.hostKind ?? 'inline',
      offsets: await openOffsets(bootstrapServers, properties['offset.storage.topic']),
      log: options.log,
      host: options.host,
    });
    return new TestWorker(worker, bootstrapServers, broker);
  } catch (error) {
    await broker?.close();
    throw error;
  }
}

/** A worker, and the topics that its connectors use. */
export class TestWorker implements AsyncDisposable {
  readonly bootstrapServers: string;
  readonly #worker: Worker;
  readonly #broker: Broker | undefined;
  readonly #topics: TestTopics;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker, bootstrapServers: string, broker: Broker | undefined) {
    this.#worker = worker;
    this.#broker = broker;
    this.bootstrapServers = bootstrapServers;
    this.#topics = new TestTopics(bootstrapServers);
  }

  /**
   * Starts a connector, and resolves when all of its tasks run. One of the same name is stopped before.
   *
   * @throws ConfigError that names what is wrong with the configuration.
   */
  async startConnector(config: Readonly<Record<string, string>>): Promise<void> {
    await this.#worker.startConnector(config);
    await this.waitForState(config['name'] ?? '', 'RUNNING');
  }

  status(name: string): ConnectorStatus {
    return this.#worker.status(name);
  }

  /** The counters of a task, by group, named after Java's. */
  metrics(name: string, task = 0): ReturnType<Worker['metrics']> {
    return this.#worker.metrics(name, task);
  }

  /** Resolves when all tasks of the connector are in that state; a task that has failed meanwhile ends the wait. */
  async waitForState(name: string, state: RunState, { timeoutMs = 30_000 }: WaitOptions = {}): Promise<void> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const { connector, tasks } = this.status(name);
      if (tasks.length > 0 && tasks.every((task) => task.state === state)) return;
      const failed = [connector, ...tasks].find((run) => run.state === 'FAILED');
      if (failed !== undefined) {
        if (state === 'FAILED') return;
        throw new Error(`Connector ${name} has failed: ${failed.trace ?? 'without a trace'}`);
      }
      if (performance.now() > end) {
        const states = tasks.map((task) => `${task.id} ${task.state}`).join(', ') || 'none';
        throw new TimeoutError(`Connector ${name} was not ${state} within ${timeoutMs} ms; its tasks: ${states}.`);
      }
      await sleep(10);
    }
  }

  async pauseConnector(name: string): Promise<void> {
    await this.#worker.pauseConnector(name);
    await this.waitForState(name, 'PAUSED');
  }

  async resumeConnector(name: string): Promise<void> {
    await this.#worker.resumeConnector(name);
    await this.waitForState(name, 'RUNNING');
  }

  /** Starts its tasks again, also those that have failed. */
  async restartConnector(name: string): Promise<void> {
    await this.#worker.restartTasks(name);
    await this.waitForState(name, 'RUNNING');
  }

  async stopConnector(name: string): Promise<void> {
    await this.#worker.stopConnector(name);
  }

  async createTopic(topic: string, partitions = 1): Promise<void> {
    await this.#topics.create(topic, partitions);
  }

  /** Resolves when all records are acknowledged; a text is the value of a record without a key. */
  async produce(topic: string, ...records: readonly (TestRecord | string)[]): Promise<void> {
    await this.#topics.produce(topic, records);
  }

  /** Waits for so many records of a topic, and gives them from the first on. */
  async consume(topic: string, count: number, options?: ConsumeOptions): Promise<ReceivedRecord[]> {
    return await this.#topics.consume(topic, count, options);
  }

  /** Counts the numbered records of a topic. */
  async checkTopic(
    topic: string,
    options: Pick<CheckTopicOptions, 'committed' | 'partitions'> = {},
  ): Promise<NumberCheck> {
    return await checkTopic({ ...options, topic, bootstrapServers: this.bootstrapServers });
  }

  /** Stops the connectors in good order, then the broker where it is its own. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#worker.close();
      await this.#topics.close();
      await this.#broker?.close();
    })();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function openOffsets(bootstrapServers: string, topic: string): Promise<OffsetStore> {
  const settings = { 'bootstrap.servers': bootstrapServers, 'isolation.level': 'read_committed' };
  const clients = {
    admin: createAdmin({ settings }),
    reader: createReader({ settings }),
    producer: createProducer({ settings }),
  };
  const store = createKafkaOffsetStore({ topic, partitions: 1, replicationFactor: 1, clients, log: silentLogger });
  try {
    await store.start();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
