import type { SourcePlugin } from '@millrace/api';
import type { TaskRunnerOptions } from '../task/task-runner.ts';
import type { SourceClients } from './task-connections.ts';

export interface SourceTaskRunnerOptions extends TaskRunnerOptions {
  /** Left out: loaded by the reference in the spec. */
  readonly definition?: SourcePlugin;
  /** Left out: clients that connect to Kafka. */
  readonly clients?: SourceClients;
}
