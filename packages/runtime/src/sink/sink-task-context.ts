import {
  type ConfigOf,
  MillraceError,
  type PluginMetrics,
  parseConfig,
  type SinkPlugin,
  type SinkTaskContext,
} from '@millrace/api';
import type { TaskRunnerOptions } from '../task/task-runner.ts';
import type { ErrantReports } from './errant-reports.ts';
import type { SinkPipeline } from './sink-pipeline.ts';

export interface SinkContextOptions extends Pick<TaskRunnerOptions, 'spec' | 'services' | 'log'> {
  readonly definition: SinkPlugin;
  readonly metrics: PluginMetrics;
  readonly signal: AbortSignal;
  /** `undefined` where nobody takes reports. */
  readonly reports: ErrantReports | undefined;
  /** What there is only once the task is open. */
  readonly pipeline: () => SinkPipeline | undefined;
}

/** @throws ConfigError when the task's configuration is wrong. */
export function createSinkTaskContext(options: SinkContextOptions): SinkTaskContext<ConfigOf<SinkPlugin['config']>> {
  const { definition, spec, services, log, metrics, signal, reports } = options;
  const { config, warnings } = parseConfig(definition.taskConfig ?? definition.config, spec.taskConfig);
  for (const warning of warnings) log.warn(warning);
  const pipeline = (what: string): SinkPipeline => {
    const opened = options.pipeline();
    if (opened !== undefined) return opened;
    throw new MillraceError(`SinkTaskContext may not be used to ${what} until the task is initialized`);
  };
  return {
    config,
    taskConfig: spec.taskConfig,
    log,
    metrics,
    signal,
    assignment: () => options.pipeline()?.assignment() ?? [],
    seek: (offsets) => pipeline('seek').seek(offsets),
    retryAfter: (milliseconds) => pipeline('set a timeout').retryAfter(milliseconds),
    pause: (partitions) => pipeline('pause consumption').pausePartitions(partitions),
    resume: (partitions) => pipeline('resume consumption').resumePartitions(partitions),
    requestCommit: () => pipeline('request a commit').requestCommit(),
    reportErrant: reports === undefined ? undefined : (record, error) => reports.report(record, error),
    reconfigure: () => services.reconfigure(),
    raiseError: (error) => services.raiseError(error),
  };
}
