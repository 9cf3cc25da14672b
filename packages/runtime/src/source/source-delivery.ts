import type { Logger, SourceRecord } from '@millrace/api';
import type { Producer } from '@millrace/kafka';
import type { TaskErrors } from '../errors/task-errors.ts';
import type { TaskParts, TaskServices } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import type { Attention } from './attention.ts';
import type { SourceMetrics } from './source-metrics.ts';
import type { SourcePartitions } from './source-partitions.ts';
import type { TargetTopics } from './target-topics.ts';

/** How polled records and their offsets reach Kafka: at least once, or exactly once. */
export interface SourceDelivery {
  /** Before each poll: waits until there is room for more, or the task is to stop. Throws what the task fails of. */
  ready(stopping: AbortSignal): Promise<void>;
  /** Looks after what asked for attention while the task polls. Throws what the task fails of. */
  attend(): Promise<void>;
  /** Takes what was polled; resolves when it is on its way. */
  deliver(records: readonly SourceRecord[]): Promise<void>;
  /** A poll gave nothing. */
  nothingPolled(): Promise<void>;
  /** The task comes to rest for a while. */
  rest(): Promise<void>;
  /** The end: everything that may be committed is. Takes no longer than the flush timeout for each thing it waits for. */
  finish(failed: boolean): Promise<void>;
  /** Ends timers; nothing is committed from now on. */
  close(): void;
}

/** What both kinds of delivery need. */
export interface DeliveryOptions {
  readonly spec: TaskSpec;
  readonly parts: TaskParts;
  readonly services: TaskServices;
  readonly log: Logger;
  readonly producer: Producer;
  readonly topics: TargetTopics;
  readonly errors: TaskErrors;
  readonly partitions: SourcePartitions;
  readonly metrics: SourceMetrics;
  readonly attention: Attention;
  /** Ends every wait for Kafka: the task was stopped some time ago, or nobody waits any longer. */
  readonly signal: AbortSignal;
}
