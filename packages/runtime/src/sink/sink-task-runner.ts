import type { SinkPlugin } from '@millrace/api';
import {
  type Admin,
  createAdmin,
  createConsumer,
  createProducer,
  type GroupConsumer,
  type KafkaClientOptions,
  type KafkaLog,
  type Producer,
  type Subscription,
} from '@millrace/kafka';
import { parseSinkConnectorConfig, type SinkConnectorConfig } from '../config/connector-config.ts';
import { createTaskErrors } from '../errors/create-task-errors.ts';
import type { TaskErrors } from '../errors/task-errors.ts';
import { loadPlugin } from '../plugins/load-plugin.ts';
import { createPluginMetrics } from '../plugins/plugin-metrics.ts';
import type { TaskRunner, TaskRunnerOptions } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import { sinkConsumer } from './consumer-settings.ts';
import { ErrantReports } from './errant-reports.ts';
import { FetchedBatch } from './fetched-batch.ts';
import { RecordErrors } from './record-errors.ts';
import { createSinkMetrics, type SinkMetrics, sinkMetricGroups } from './sink-metrics.ts';
import { SinkPipeline } from './sink-pipeline.ts';
import { createSinkTaskContext } from './sink-task-context.ts';

/** How clients are made; what is left out connects to Kafka. */
export interface SinkClients {
  readonly consumer?: (options: KafkaClientOptions) => GroupConsumer;
  readonly admin?: (options: KafkaClientOptions) => Admin;
  readonly producer?: (options: KafkaClientOptions) => Producer;
}

export interface SinkTaskRunnerOptions extends TaskRunnerOptions {
  /** Left out: loaded by the reference in the spec. */
  readonly definition?: SinkPlugin;
  readonly clients?: SinkClients;
}

/** A task that takes records from Kafka to a sink. */
export function createSinkTaskRunner(options: SinkTaskRunnerOptions): TaskRunner {
  return new SinkTaskRunner(options);
}

type Close = () => Promise<void> | void | undefined;

class SinkTaskRunner implements TaskRunner {
  readonly #metrics: SinkMetrics = createSinkMetrics();
  readonly #pluginMetrics = createPluginMetrics();
  readonly #options: SinkTaskRunnerOptions;
  readonly #stopping = new AbortController();
  /** Aborted later than `#stopping`: a put that is under way may end, and the last flush has to. */
  readonly #ended = new AbortController();
  readonly #cancelled = Promise.withResolvers<void>();
  /** In the order in which things were opened. */
  readonly #closers: [what: string, close: Close][] = [];
  #isCancelled = false;
  #isPaused: boolean;
  #pauseChanged: () => void = () => undefined;
  #pipeline: SinkPipeline | undefined;
  #errors: TaskErrors | undefined;

  constructor(options: SinkTaskRunnerOptions) {
    this.#options = options;
    this.#isPaused = options.spec.targetState === 'paused';
  }

  async run(): Promise<void> {
    await Promise.race([this.#run(), this.#cancelled.promise]);
  }

  pause(): void {
    this.#isPaused = true;
    this.#pauseChanged();
    this.#pipeline?.wake();
  }

  resume(): void {
    this.#isPaused = false;
    this.#pauseChanged();
    this.#pipeline?.wake();
  }

  stop(): void {
    this.#stopping.abort(new Error('The task is being stopped.'));
    this.#pauseChanged();
    this.#pipeline?.wake();
  }

  cancel(): void {
    this.#isCancelled = true;
    this.stop();
    this.#ended.abort(new Error('The task was cancelled.'));
    this.#cancelled.resolve();
    // The member must not be kept alive by a put that hangs.
    void this.#close('consumer');
  }

  metrics(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return {
      ...sinkMetricGroups(this.#metrics),
      ...(this.#errors === undefined ? {} : { 'task-error-metrics': { ...this.#errors.metrics } }),
      plugins: this.#pluginMetrics.read(),
    };
  }

  async #run(): Promise<void> {
    const { parts } = this.#options;
    this.#opened('key converter', () => parts.keyConverter.close?.());
    this.#opened('value converter', () => parts.valueConverter.close?.());
    this.#opened('header converter', () => parts.headerConverter.close?.());
    this.#opened('transforms', () => parts.chain.close());
    try {
      if (!(await this.#untilStarted())) return;
      const pipeline = await this.#open();
      if (pipeline === undefined) return;
      await this.#work(pipeline);
    } finally {
      this.#ended.abort(new Error('The task is closed.'));
      for (const [what] of this.#closers.toReversed()) await this.#close(what);
    }
  }

  /** As in Java, what a failed task has taken is committed if it flushes it. */
  async #work(pipeline: SinkPipeline): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    try {
      await pipeline.run();
    } catch (error) {
      failure = { error };
    }
    try {
      await pipeline.close();
    } catch (error) {
      if (failure !== undefined) this.#options.log.warn('The partitions could not be closed in good order', { error });
      failure ??= { error };
    }
    if (failure !== undefined) throw failure.error;
  }

  /** Everything that works, in the order in which it needs each other; `undefined` when the task was stopped meanwhile. */
  async #open(): Promise<SinkPipeline | undefined> {
    const { spec, parts, services, observer, log, clients = {} } = this.#options;
    const definition = this.#options.definition ?? (await loadPlugin(spec.plugin, 'sink'));
    const stopping = this.#stopping.signal;
    const config = parseSinkConnectorConfig(withTaskTopics(spec));
    const kafkaLog: KafkaLog = (level, message) => log[level](message);
    const errors = await createTaskErrors({
      id: spec.id,
      settings: config,
      log,
      signal: stopping,
      clients: () => ({
        admin: (clients.admin ?? createAdmin)({ settings: spec.clients.admin, log: kafkaLog }),
        producer: (clients.producer ?? createProducer)({
          settings: spec.clients.deadLetterProducer ?? {},
          log: kafkaLog,
        }),
      }),
    });
    this.#errors = errors;
    this.#opened('errors', () => errors.close());
    const batch = new FetchedBatch();
    const reports = new ErrantReports({ errors, parts, batch });
    const context = createSinkTaskContext({
      definition,
      spec,
      services,
      log,
      metrics: this.#pluginMetrics.metrics,
      signal: this.#ended.signal,
      reports: errors.takesReports ? reports : undefined,
      pipeline: () => this.#pipeline,
    });
    const consumerOptions = sinkConsumer(spec);
    const consumer = (clients.consumer ?? createConsumer)({ settings: consumerOptions.settings, log: kafkaLog });
    this.#opened('consumer', () => consumer.close());
    const task = await definition.open(context);
    this.#opened('task', () => task.close?.());
    if (stopping.aborted) return undefined;
    const recordErrors = new RecordErrors({ spec, errors, batch, log, signal: stopping });
    this.#pipeline = new SinkPipeline({
      name: `${spec.id.connector}-${spec.id.task}`,
      task,
      consumer,
      consumerOptions,
      subscription: subscriptionOf(config),
      parts,
      recordErrors,
      batch,
      errors,
      reports,
      metrics: this.#metrics,
      observer,
      log,
      flushIntervalMs: spec.settings.offsetFlushIntervalMs,
      flushTimeoutMs: spec.settings.offsetFlushTimeoutMs,
      stopping,
      isCancelled: () => this.#isCancelled,
      isPaused: () => this.#isPaused,
    });
    observer.stateChanged('running');
    return this.#pipeline;
  }

  /** `false`: stopped before. */
  async #untilStarted(): Promise<boolean> {
    if (this.#isPaused) this.#options.observer.stateChanged('paused');
    while (this.#isPaused && !this.#stopping.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#pauseChanged = resolve;
      await promise;
    }
    return !this.#stopping.signal.aborted;
  }

  #opened(what: string, close: Close): void {
    this.#closers.push([what, close]);
  }

  async #close(what: string): Promise<void> {
    const at = this.#closers.findIndex(([name]) => name === what);
    if (at < 0) return;
    const [[, close]] = this.#closers.splice(at, 1) as [[string, Close]];
    try {
      await close();
    } catch (error) {
      if (!this.#isCancelled) this.#options.log.warn(`The ${what} could not be closed in good order`, { error });
    }
  }
}

/** As in Java, a task reads the topics of its own configuration. */
function withTaskTopics({ connectorConfig, taskConfig }: TaskSpec): TaskSpec['connectorConfig'] {
  const { topics, 'topics.regex': regex } = taskConfig;
  if (topics === undefined && regex === undefined) return connectorConfig;
  return { ...connectorConfig, topics: topics ?? '', 'topics.regex': regex ?? '' };
}

function subscriptionOf({ topics, topicsRegex }: SinkConnectorConfig): Subscription {
  return topics.length > 0 ? { topics } : { pattern: (topic) => topicsRegex.matches(topic) };
}
