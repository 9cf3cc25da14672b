import type { TaskRunner } from '../task/task-runner.ts';
import type { SourceTaskRunnerOptions } from './source-task-runner-options.ts';
import { SourceTaskWork } from './source-task-work.ts';

export type { SourceTaskRunnerOptions } from './source-task-runner-options.ts';

/** A task that takes records from a source to Kafka: at least once, or exactly once where the spec says so. */
export function createSourceTaskRunner(options: SourceTaskRunnerOptions): TaskRunner {
  return new SourceTaskWork(options);
}
