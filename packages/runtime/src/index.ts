export { ConfigResolver, type ConfigResolverOptions, type ResolvedConfig } from './config/config-resolver.ts';
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
  type ConnectorFile,
  type InitialState,
  parseConnectorFile,
  readConnectorFile,
  readConnectorFiles,
} from './config/connector-file.ts';
export { type ConfigProvidersOptions, openConfigProviders } from './config/open-config-providers.ts';
export { type OverridePolicy, overridePolicy } from './config/override-policy.ts';
export {
  type ParsedWorkerConfig,
  parseDistributedConfig,
  parseStandaloneConfig,
} from './config/parse-worker-config.ts';
export {
  readWorkerProperties,
  resolveWorkerProperties,
  type WorkerProperties,
  type WorkerPropertySources,
} from './config/read-worker-properties.ts';
export {
  type DistributedWorkerConfig,
  distributedWorkerKeys,
  type StandaloneWorkerConfig,
  standaloneWorkerKeys,
} from './config/worker-keys.ts';
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
export type { CheckOverrides } from './herder/connector-validation.ts';
export type * from './herder/herder.ts';
export { StandaloneHerder, type StandaloneHerderOptions } from './herder/standalone-herder.ts';
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
export type { LogFormat } from './logging/format-line.ts';
export { createLog, type Log, type LogOptions, logFormatFor } from './logging/log.ts';
export type { Redactor } from './logging/redactor.ts';
export {
  createFileOffsetStore,
  type FileOffsetStoreOptions,
} from './offsets/file-offset-store.ts';
export { createKafkaOffsetStore, type KafkaOffsetStoreOptions } from './offsets/kafka-offset-store.ts';
export { layeredOffsetStore } from './offsets/layered-offset-store.ts';
export type { OffsetEntry, OffsetKey } from './offsets/offset-entry.ts';
export type { OffsetStore } from './offsets/offset-store.ts';
export { TopicLog, type TopicLogClients, type TopicLogOptions } from './offsets/topic-log.ts';
export { type Discovery, type DiscoveryOptions, discoverPlugins, type PluginProblem } from './plugins/discovery.ts';
export type { PluginManifest } from './plugins/discovery-manifest.ts';
export type { PluginKind } from './plugins/load-plugin.ts';
export {
  type KnownPlugin,
  loadPluginRegistry,
  type PluginName,
  type PluginRegistry,
  type PluginRegistryOptions,
} from './plugins/plugin-registry.ts';
export { type RestServer, type RestServerOptions, startRestServer } from './rest/rest-server.ts';
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
