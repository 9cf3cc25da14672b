import type { ConnectorState, RestartRequest } from './herder.ts';

export interface RestartPlan {
  readonly restartsConnector: boolean;
  readonly tasks: readonly number[];
  /** As it is at the moment, with `RESTARTING` where something is about to happen. */
  readonly state: ConnectorState;
}

/** What a restart is about: the connector and, if asked for, its tasks; all of them, or what has failed. */
export function planRestart(state: ConnectorState, { includeTasks, onlyFailed }: RestartRequest): RestartPlan {
  const isMeant = (current: string): boolean => !onlyFailed || current === 'FAILED';
  const restartsConnector = isMeant(state.connector.state);
  const tasks = includeTasks ? state.tasks.filter((task) => isMeant(task.state)).map(({ id }) => id) : [];
  return {
    restartsConnector,
    tasks,
    state: {
      ...state,
      connector: restartsConnector ? { ...state.connector, state: 'RESTARTING' } : state.connector,
      tasks: state.tasks.map((task) => (tasks.includes(task.id) ? { ...task, state: 'RESTARTING' } : task)),
    },
  };
}
