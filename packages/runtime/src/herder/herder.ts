import type { ConfigDefinitionJson, ConfigInfosJson, OffsetMap, RawConfig } from '@millrace/api';

/** What the user wants of a connector. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

export type ConnectorType = 'source' | 'sink' | 'unknown';

export type ConnectorConfig = Readonly<Record<string, string>>;

export interface TaskName {
  readonly connector: string;
  readonly task: number;
}

export interface ConnectorInfo {
  readonly name: string;
  /** As the user wrote it: nothing in it is resolved. */
  readonly config: ConnectorConfig;
  readonly tasks: readonly TaskName[];
  readonly type: ConnectorType;
}

export interface StateInfo {
  readonly state: 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'STOPPED';
  readonly worker_id: string;
  readonly version?: string;
  readonly trace?: string;
}

export interface TaskStateInfo extends StateInfo {
  readonly id: number;
}

export interface ConnectorState {
  readonly name: string;
  readonly connector: StateInfo;
  readonly tasks: readonly TaskStateInfo[];
  readonly type: ConnectorType;
}

export interface TaskInfo {
  readonly id: TaskName;
  readonly config: ConnectorConfig;
}

export interface NewConnector {
  readonly name: string;
  readonly config: RawConfig;
  /** `STARTED` when left out. */
  readonly initialState?: TargetState;
}

export interface RestartRequest {
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

/** A partition as REST has it, of a source or of a sink (`kafka_topic`, `kafka_partition`). */
export interface ConnectorOffset {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap | null;
}

export interface PluginInfo {
  readonly class: string;
  readonly type: 'source' | 'sink' | 'converter' | 'header_converter' | 'transformation' | 'predicate';
  readonly version?: string;
}

export interface LoggerLevel {
  readonly level: string;
  /** Milliseconds; `null` for a level that nobody has set. */
  readonly last_modified: number | null;
}

export interface WorkerInfo {
  readonly version: string;
  readonly commit: string;
  readonly kafka_cluster_id: string | null;
}

/**
 * Owns the truth about connectors: what is configured, what is wanted, and how it is. Everything is plain data, named as REST
 * names it. Errors say by their kind and code which status they are answered with.
 */
export interface Herder {
  readonly workerId: string;
  /** What the worker does now, or did last, for whoever waits for it in vain. */
  readonly stage: string;
  info(): Promise<WorkerInfo>;
  /** `false` while the worker is still starting. */
  ready(): Promise<boolean>;

  connectors(): Promise<readonly string[]>;
  connectorInfo(name: string): Promise<ConnectorInfo>;
  connectorState(name: string): Promise<ConnectorState>;
  taskInfos(name: string): Promise<readonly TaskInfo[]>;
  taskState(task: TaskName): Promise<TaskStateInfo>;

  createConnector(connector: NewConnector): Promise<ConnectorInfo>;
  putConnector(name: string, config: RawConfig): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }>;
  /** `null` takes a key away. */
  patchConnector(name: string, patch: RawConfig): Promise<ConnectorInfo>;
  deleteConnector(name: string): Promise<void>;

  pauseConnector(name: string): Promise<void>;
  resumeConnector(name: string): Promise<void>;
  stopConnector(name: string): Promise<void>;
  /** Restarts what the request is about, and says what that is. */
  restartConnector(name: string, request: RestartRequest): Promise<ConnectorState>;
  restartTask(task: TaskName): Promise<void>;

  offsets(name: string): Promise<readonly ConnectorOffset[]>;
  /** @returns what to tell the user. */
  alterOffsets(name: string, changes: readonly ConnectorOffset[]): Promise<string>;
  /** @returns what to tell the user. */
  resetOffsets(name: string): Promise<string>;

  topics(name: string): Promise<readonly string[]>;
  resetTopics(name: string): Promise<void>;

  plugins(): Promise<readonly PluginInfo[]>;
  pluginConfig(name: string, version?: string): Promise<readonly ConfigDefinitionJson[]>;
  validate(config: RawConfig): Promise<ConfigInfosJson>;

  loggers(): Promise<Readonly<Record<string, LoggerLevel>>>;
  /** @returns the loggers that have another level now. */
  setLogLevel(logger: string, level: string): Promise<readonly string[]>;

  close(): Promise<void>;
}
