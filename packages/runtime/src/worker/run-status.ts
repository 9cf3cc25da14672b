import type { TaskStatus } from '../host/host-messages.ts';

/** As REST calls them. */
export type RunState = 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'UNASSIGNED';

/** How a connector or a task is; with the trace of what it has failed of. */
export interface RunStatus {
  readonly state: RunState;
  readonly trace?: string;
}

export interface TaskRunStatus extends RunStatus {
  readonly id: number;
}

/** What a host tells of a task, as REST says it. */
export function runStatusOf(status: TaskStatus): RunStatus {
  switch (status.state) {
    case 'failed':
      return { state: 'FAILED', trace: status.trace };
    case 'stopped':
      return { state: 'STOPPED' };
    case 'paused':
      return { state: 'PAUSED' };
    case 'running':
      return { state: 'RUNNING' };
  }
}
