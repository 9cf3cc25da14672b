import { loadPlugin } from '../plugins/load-plugin.ts';
import { createSinkTaskRunner } from '../sink/sink-task-runner.ts';
import { createSourceTaskRunner } from '../source/source-task-runner.ts';
import type { TaskRunner, TaskRunnerOptions } from '../task/task-runner.ts';

/** Makes what runs a task, by its kind. */
export async function createTaskRunner(options: TaskRunnerOptions): Promise<TaskRunner> {
  const { kind, plugin } = options.spec;
  if (kind === 'sink') return createSinkTaskRunner({ ...options, definition: await loadPlugin(plugin, 'sink') });
  return createSourceTaskRunner({ ...options, definition: await loadPlugin(plugin, 'source') });
}
