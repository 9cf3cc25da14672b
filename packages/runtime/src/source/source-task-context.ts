import {
  type Logger,
  type PluginMetrics,
  parseConfig,
  type SourcePlugin,
  type SourceTaskContext,
  type TransactionContext,
} from '@millrace/api';
import type { TaskServices } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import type { SourcePartitions } from './source-partitions.ts';
import { storedOffsets } from './stored-offsets.ts';

export interface SourceTaskContextOptions {
  readonly spec: TaskSpec;
  readonly definition: SourcePlugin;
  readonly services: TaskServices;
  readonly partitions: SourcePartitions;
  readonly transaction: TransactionContext | undefined;
  readonly metrics: PluginMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What a source task is opened with. @throws ConfigError for a task configuration that cannot be used. */
export function sourceTaskContext(options: SourceTaskContextOptions): SourceTaskContext<never> {
  const { spec, definition, services, partitions, transaction, metrics, log, signal } = options;
  const { config, warnings } = parseConfig(definition.taskConfig ?? definition.config, spec.taskConfig);
  for (const warning of warnings) log.warn(warning);
  return {
    config: config as never,
    taskConfig: spec.taskConfig,
    offsets: storedOffsets({ fields: definition.offset, services, partitions }),
    transaction,
    reconfigure: () => services.reconfigure(),
    raiseError: (error) => services.raiseError(error),
    log,
    metrics,
    signal,
  };
}
