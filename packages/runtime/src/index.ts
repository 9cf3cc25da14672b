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
