import type { ConfigInfosJson, ConfigProblem, TaskConfig } from '@millrace/api';
import type { InfosRequest } from '../config/connector-infos.ts';
import type { TaskServices } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import type { ConnectorSpec, LogLevels, LogLine, OffsetAlteration, TaskMetrics, TaskStatus } from './host-messages.ts';

/** Whoever started a task: answers what it asks, and hears how it is. */
export interface TaskOwner extends TaskServices {
  /** Never called again once the task is over: `stopped`, `failed`, or cancelled. */
  statusChanged(status: TaskStatus): void;
  topicUsed(topic: string): void;
  metrics(metrics: TaskMetrics): void;
}

/** Whoever runs a connector: answers what its watch asks. */
export type ConnectorOwner = Pick<TaskServices, 'readOffsets' | 'reconfigure' | 'raiseError'>;

/** A task that was started in a host. */
export interface HostedTask {
  pause(): void;
  resume(): void;
  /**
   * Ends the task in good order. At the deadline it is cancelled: nobody waits for it any longer, and nothing is heard of
   * it again.
   */
  stop(deadlineMs: number): Promise<'stopped' | 'cancelled'>;
  cancel(): void;
}

export interface CallOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where plugin code runs: tasks, and what connectors are asked. Everything that crosses it is plain data; records never do.
 * A call that a connector does not answer in time ends with a TimeoutError, and a host that does not even say that it is
 * there is given up: its tasks are reported as lost.
 */
export interface Host {
  readonly kind: 'inline' | 'thread';
  /** How many tasks it has. */
  readonly taskCount: number;
  /** Why it takes no more tasks; `undefined` while it does. */
  readonly failure: Error | undefined;
  startTask(spec: TaskSpec, owner: TaskOwner): HostedTask;
  /** What is wrong with the configuration, without asking anything outside of the process. */
  validate(connector: ConnectorSpec, options: CallOptions): Promise<readonly ConfigProblem[]>;
  /** What REST says about a configuration, without asking anything outside of the process. */
  infos(request: InfosRequest, options: CallOptions): Promise<ConfigInfosJson>;
  /** Whether the other system can be reached. */
  probe(connector: ConnectorSpec, options: CallOptions): Promise<readonly ConfigProblem[]>;
  tasks(connector: ConnectorSpec, max: number, options: CallOptions): Promise<readonly TaskConfig[]>;
  exactlyOnce(connector: ConnectorSpec, options: CallOptions): Promise<'supported' | 'unsupported'>;
  transactionBoundaries(connector: ConnectorSpec, options: CallOptions): Promise<boolean>;
  alterOffsets(connector: ConnectorSpec, changes: readonly OffsetAlteration[], options: CallOptions): Promise<void>;
  /** Runs the connector's `watch` until the function that it resolves to is called; `undefined` when it has none. */
  watch(
    connector: ConnectorSpec,
    owner: ConnectorOwner,
    options: CallOptions,
  ): Promise<((options: CallOptions) => Promise<void>) | undefined>;
  setLogLevels(levels: LogLevels): void;
  /** Cancels what it still has, and ends. Twice is harmless. */
  close(): Promise<void>;
}

/** What every kind of host is made with. */
export interface HostOptions {
  readonly log: (line: LogLine) => void;
  /** `task.host.unresponsive.ms`: how long a host may be silent, before it is ended. */
  readonly unresponsiveMs?: number | undefined;
  /** How long the worker may take to answer what a task asks it. */
  readonly serviceMs?: number | undefined;
  /** How often metrics are told. */
  readonly metricsMs?: number | undefined;
  /** Bytes that the lookup tables of the host may hold together. */
  readonly tableBytes?: number | undefined;
  /** URL of the module that makes runners of tasks; that of this package when left out. */
  readonly runners?: string | undefined;
}
