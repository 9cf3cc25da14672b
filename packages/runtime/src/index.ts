export {
  type CommonConnectorConfig,
  commonConnectorKeys,
  parseSinkConnectorConfig,
  parseSourceConnectorConfig,
  type SinkConnectorConfig,
  type SourceConnectorConfig,
  sinkConnectorKeys,
  sourceConnectorKeys,
} from './config/connector-config.ts';
export {
  createTaskErrors,
  type DeadLetterClients,
  type ErrorSettings,
  type TaskErrorsOptions,
} from './errors/create-task-errors.ts';
export type {
  ErrorDecision,
  ErrorMetrics,
  ErrorStage,
  RawRecord,
  RecordFailure,
  TaskErrors,
} from './errors/task-errors.ts';
export type { CallOptions, ConnectorOwner, Host, HostedTask, HostOptions, TaskOwner } from './host/host.ts';
export type {
  ConnectorSpec,
  LogLevels,
  LogLine,
  OffsetAlteration,
  TaskMetrics,
  TaskStatus,
} from './host/host-messages.ts';
export { HostPool, type HostPoolOptions } from './host/host-pool.ts';
export { createInlineHost } from './host/inline-host.ts';
export { createThreadHost, type ThreadHostOptions } from './host/thread-host.ts';
export { createKafkaOffsetStore, type KafkaOffsetStoreOptions } from './offsets/kafka-offset-store.ts';
export { layeredOffsetStore } from './offsets/layered-offset-store.ts';
export type { OffsetEntry, OffsetKey } from './offsets/offset-entry.ts';
export type { OffsetStore } from './offsets/offset-store.ts';
export { TopicLog, type TopicLogClients, type TopicLogOptions } from './offsets/topic-log.ts';
export type {
  TaskObserver,
  TaskParts,
  TaskRunner,
  TaskRunnerOptions,
  TaskServices,
} from './task/task-runner.ts';
export type {
  ConfiguredPlugin,
  ConfiguredTransform,
  ExactlyOnceSpec,
  PluginReference,
  TaskClients,
  TaskId,
  TaskSettings,
  TaskSpec,
} from './task/task-spec.ts';
export type { RunState, RunStatus, TaskRunStatus } from './worker/run-status.ts';
export { type ConnectorStatus, createWorker, type Worker, type WorkerOptions } from './worker/worker.ts';
