import type {
  ConfigInfosJson,
  ConfigProblem,
  LogLevel,
  OffsetMap,
  TaskConfig,
  TopicPartition,
  WireError,
} from '@millrace/api';
import type { InfosRequest } from '../config/connector-infos.ts';
import type { OffsetEntry, OffsetKey } from '../offsets/offset-entry.ts';
import type { PluginReference, TaskSpec } from '../task/task-spec.ts';

/** Names one start of a task, or one watch: whatever comes later about another start has another handle. */
export type Handle = number;

/** How a task is. `lost`: its host has died, and the task with it; it may be started elsewhere. */
export type TaskStatus =
  | { readonly state: 'running' | 'paused' | 'stopped' }
  | { readonly state: 'failed'; readonly trace: string; readonly error: WireError; readonly lost?: true };

/** A connector as its own calls see it. Secrets in it are resolved; it is never logged. */
export interface ConnectorSpec {
  readonly name: string;
  readonly kind: 'source' | 'sink';
  readonly plugin: PluginReference;
  readonly config: Readonly<Record<string, string>>;
}

/** An offset that a user wants to set, or to forget (`null`). */
export type OffsetAlteration =
  | { readonly partition: OffsetMap; readonly offset: OffsetMap | null }
  | { readonly partition: TopicPartition; readonly offset: number | null };

/** By class of the connector; `root` for the others. */
export interface LogLevels {
  readonly root: LogLevel;
  readonly classes: Readonly<Record<string, LogLevel>>;
}

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Counters of one task by group, named after Java's. */
export type TaskMetrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a host can be asked. `null` says that there is nothing to answer. */
export interface ToHost {
  ping(params: null): null;
  startTask(params: { readonly handle: Handle; readonly spec: TaskSpec }): null;
  /** `cancelled`: the deadline came first, and nobody waits for the task any more. */
  stopTask(params: { readonly handle: Handle; readonly deadlineMs: number }): 'stopped' | 'cancelled';
  pauseTask(params: { readonly handle: Handle }): null;
  resumeTask(params: { readonly handle: Handle }): null;
  cancelTask(params: { readonly handle: Handle }): null;
  validate(params: ConnectorSpec): readonly ConfigProblem[];
  infos(params: InfosRequest): ConfigInfosJson;
  probe(params: ConnectorSpec): readonly ConfigProblem[];
  tasks(params: { readonly connector: ConnectorSpec; readonly max: number }): readonly TaskConfig[];
  exactlyOnce(params: ConnectorSpec): 'supported' | 'unsupported';
  transactionBoundaries(params: ConnectorSpec): boolean;
  alterOffsets(params: { readonly connector: ConnectorSpec; readonly changes: readonly OffsetAlteration[] }): null;
  /** Whether the connector watches anything at all. */
  startWatch(params: { readonly handle: Handle; readonly connector: ConnectorSpec }): boolean;
  stopWatch(params: { readonly handle: Handle }): null;
  setLogLevels(params: LogLevels): null;
}

/** What a host asks and tells. */
export interface FromHost {
  readOffsets(params: {
    readonly handle: Handle;
    readonly partitions: readonly OffsetMap[];
  }): readonly (OffsetMap | null)[];
  writeOffsets(params: { readonly handle: Handle; readonly entries: readonly OffsetEntry[] }): null;
  offsetKeys(params: { readonly handle: Handle; readonly partitions: readonly OffsetMap[] }): readonly OffsetKey[];
  offsetsCommitted(params: { readonly handle: Handle; readonly entries: readonly OffsetEntry[] }): null;
  fenceEarlierTasks(params: { readonly handle: Handle }): null;
  checkGeneration(params: { readonly handle: Handle }): null;
  reconfigure(params: { readonly handle: Handle }): null;
  raiseError(params: { readonly handle: Handle; readonly error: WireError }): null;
  topicUsed(params: { readonly handle: Handle; readonly topic: string }): null;
  status(params: { readonly handle: Handle; readonly status: TaskStatus }): null;
  metrics(params: { readonly snapshots: readonly { readonly handle: Handle; readonly metrics: TaskMetrics }[] }): null;
  log(params: LogLine): null;
}
