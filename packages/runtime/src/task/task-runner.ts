import type { Converter, HeaderConverter, Logger, OffsetMap } from '@millrace/api';
import type { TransformChain } from '@millrace/transforms';
import type { OffsetEntry, OffsetKey } from '../offsets/offset-entry.ts';
import type { TaskSpec } from './task-spec.ts';

/** A task at work. */
export interface TaskRunner {
  /**
   * Works until the task is stopped or fails, and by then has closed everything that it opened. Rejects with what it
   * failed of. Called once.
   */
  run(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends `run` in good order: what is under way is finished and committed. */
  stop(): void;
  /** Nobody waits any longer: `run` ends at once, commits nothing and reports nothing. */
  cancel(): void;
  /** Counters as they stand now, by group: `{ 'source-task-metrics': { sourceRecordPollTotal: 12 } }`. */
  metrics?(): Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What a task tells while it works. */
export interface TaskObserver {
  /** `running` once its plugin is open and whenever it goes on, `paused` when it has come to rest. */
  stateChanged(state: 'running' | 'paused'): void;
  /** The first time that it writes to or reads from a topic. */
  topicUsed(topic: string): void;
}

/** What a task asks of its worker; each call may cross a thread. */
export interface TaskServices {
  /** Stored offsets, in the order of the partitions; found by meaning. Integers are bigints. */
  readOffsets(partitions: readonly OffsetMap[]): Promise<readonly (OffsetMap | null)[]>;
  /** Resolves when the offsets topic has acknowledged all of them. */
  writeOffsets(entries: readonly OffsetEntry[]): Promise<void>;
  /** The keys under which offsets of these partitions are stored, for a task that writes them itself. */
  offsetKeys(partitions: readonly OffsetMap[]): Promise<readonly OffsetKey[]>;
  /** The transaction that holds these offsets is committed. */
  offsetsCommitted(entries: readonly OffsetEntry[]): Promise<void>;
  /** Exactly once, before `initTransactions`: ends what earlier generations of the connector's tasks have open. */
  fenceEarlierTasks(): Promise<void>;
  /** Exactly once, after `initTransactions`: rejects when the task's configuration is no longer the newest. */
  checkGeneration(): Promise<void>;
  reconfigure(): void;
  raiseError(error: Error): void;
}

/** A task's plugins, made and configured. Whoever runs them closes them. */
export interface TaskParts {
  readonly keyConverter: Converter;
  readonly valueConverter: Converter;
  readonly headerConverter: HeaderConverter;
  readonly chain: TransformChain;
}

/** What every runner is made with. */
export interface TaskRunnerOptions {
  readonly spec: TaskSpec;
  readonly parts: TaskParts;
  readonly services: TaskServices;
  readonly observer: TaskObserver;
  /** Adds connector and task to every line already. */
  readonly log: Logger;
}
