import { abortable, type SourcePlugin, type SourceTask } from '@millrace/api';
import { parseSourceConnectorConfig, type SourceConnectorConfig } from '../config/connector-config.ts';
import { createTaskErrors } from '../errors/create-task-errors.ts';
import { loadPlugin } from '../plugins/load-plugin.ts';
import type { PluginMetricsRegistry } from '../plugins/plugin-metrics.ts';
import { AtLeastOnceDelivery } from './at-least-once.ts';
import type { Attention } from './attention.ts';
import { CommittedCallbacks } from './committed-callbacks.ts';
import { ExactlyOnceDelivery } from './exactly-once.ts';
import type { DeliveryOptions, SourceDelivery } from './source-delivery.ts';
import type { SourceMetrics } from './source-metrics.ts';
import { SourcePartitions } from './source-partitions.ts';
import { sourceTaskContext } from './source-task-context.ts';
import type { SourceTaskRunnerOptions } from './source-task-runner-options.ts';
import { TargetTopics } from './target-topics.ts';
import type { TaskConnections } from './task-connections.ts';
import { topicGroups } from './topic-creation.ts';
import { TransactionRequests } from './transaction-requests.ts';

export interface OpenSourceTaskOptions {
  readonly runner: SourceTaskRunnerOptions;
  /** Gets everything that is opened, also where opening fails half-way. */
  readonly connections: TaskConnections;
  readonly metrics: SourceMetrics;
  readonly pluginMetrics: PluginMetricsRegistry;
  readonly attention: Attention;
  /** Aborted when the task is to stop. */
  readonly stopping: AbortSignal;
  /** Aborted when Kafka is no longer waited for either. */
  readonly hurry: AbortSignal;
}

/** Fences earlier tasks where that is asked for, opens the source, and gives what takes its records. */
export async function openSourceTask(options: OpenSourceTaskOptions): Promise<SourceDelivery> {
  const { runner, connections, metrics, pluginMetrics, attention, stopping, hurry } = options;
  const { spec, parts, services, observer, log } = runner;
  const definition = runner.definition ?? (await loadPlugin(spec.plugin, 'source'));
  const config = parseSourceConnectorConfig(spec.connectorConfig);
  const groups = spec.settings.topicCreation ? topicGroups(config) : [];
  const { producer } = connections;
  if (spec.exactlyOnce !== undefined) {
    await abortable(services.fenceEarlierTasks(), hurry);
    await abortable(producer.initTransactions(), hurry);
    await abortable(services.checkGeneration(), hurry);
  }
  let delivery: SourceDelivery | undefined;
  const beginTransaction = (): void => (delivery as ExactlyOnceDelivery).begin();
  const errors = await createTaskErrors({
    id: spec.id,
    settings: config,
    log,
    signal: stopping,
    clients: () =>
      spec.exactlyOnce === undefined
        ? connections.deadLetterClients()
        : { admin: connections.deadLetterAdmin(), producer, beforeLetter: beginTransaction },
  });
  connections.errors = errors;
  const partitions = new SourcePartitions();
  const isConnectorBoundary = spec.exactlyOnce !== undefined && config.transactionBoundary === 'connector';
  const transaction = isConnectorBoundary ? new TransactionRequests() : undefined;
  const context = sourceTaskContext({
    ...runner,
    definition,
    partitions,
    transaction,
    metrics: pluginMetrics.metrics,
    signal: stopping,
  });
  const task = (await definition.open(context)) as SourceTask;
  connections.task = task;
  const topics = new TargetTopics({
    groups,
    admin: () => connections.admin,
    producer,
    offsetsTopic: spec.exactlyOnce?.offsetsTopic,
    log,
    topicUsed: (topic) => observer.topicUsed(topic),
    signal: hurry,
  });
  delivery = createDelivery(
    { spec, parts, services, log, producer, topics, errors, partitions, metrics, attention, signal: hurry },
    new CommittedCallbacks(task, log),
    { definition, config, transaction },
  );
  return delivery;
}

interface Guarantee {
  readonly definition: SourcePlugin;
  readonly config: SourceConnectorConfig;
  readonly transaction: TransactionRequests | undefined;
}

function createDelivery(
  options: DeliveryOptions,
  callbacks: CommittedCallbacks,
  { definition, config, transaction }: Guarantee,
): SourceDelivery {
  const { exactlyOnce, settings } = options.spec;
  if (exactlyOnce === undefined) return new AtLeastOnceDelivery(options, callbacks);
  const intervalMs = config.transactionBoundaryIntervalMs ?? settings.offsetFlushIntervalMs;
  const boundary = config.transactionBoundary;
  const offsetFields = definition.offset;
  return new ExactlyOnceDelivery(
    { ...options, exactlyOnce, boundary, transaction, intervalMs, offsetFields },
    callbacks,
  );
}
