import type { SourceRecord } from '@millrace/api';

/** Where a record failed, by Java's names. */
export type ErrorStage =
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME'
  | 'TASK_POLL'
  | 'TASK_PUT';

/** A record as Kafka holds it, for a dead letter. */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly name: string; readonly value: Uint8Array | null }[];
}

/** A failed call on one record. */
export interface RecordFailure {
  /** What is the same (by `===`) when the same call fails again, and differs otherwise: the record, or its place. */
  readonly subject: unknown;
  readonly stage: ErrorStage;
  /** Class of the plugin that failed, by the name that users know. */
  readonly className: string;
  readonly error: unknown;
  /** What the dead letter is made of; asked only where one is written or the record is logged. */
  readonly origin: () => RawRecord | SourceRecord;
}

/** `retry`: make the same call again, the back-off is over. `skip`: the record is dropped. `throw`: the task fails. */
export type ErrorDecision = 'retry' | 'skip' | 'throw';

/**
 * Decides about the failed records of one task by the connector's `errors.*` keys, and sees to counting, logging, retries
 * and dead letters. A task handles one failure at a time.
 */
export interface TaskErrors {
  /**
   * Takes its time: waits for the back-off of a retry, and for room in the dead letter queue. A record that is skipped
   * has its dead letter on the way: see {@link TaskErrors.deadLettersWritten}.
   */
  decide(failure: RecordFailure): Promise<ErrorDecision>;
  /** What `decide` has decided to throw: the failure with stage, plugin and place in its message, `cause` kept. */
  failed(failure: RecordFailure): Error;
  /** Whether a task may report records itself: a dead letter queue or the error log is there to take them. */
  readonly takesReports: boolean;
  /** A record that the task itself reports. Settles when its dead letter is acknowledged; rejects where tolerance is `none`. */
  report(failure: RecordFailure): Promise<void>;
  /** Whether dead letters are on their way: offsets behind them must wait. */
  readonly hasPending: boolean;
  /** Resolves when every dead letter so far is acknowledged; rejects when one could not be written in time. */
  deadLettersWritten(): Promise<void>;
  readonly metrics: ErrorMetrics;
  close(): Promise<void>;
}

/** Counts by the names of Java's `task-error-metrics`. */
export interface ErrorMetrics {
  recordFailures: number;
  recordErrors: number;
  recordsSkipped: number;
  retries: number;
  errorsLogged: number;
  deadLetterRequests: number;
  deadLetterFailures: number;
  /** Milliseconds since 1970, 0 when there was none. */
  lastErrorTimestamp: number;
}
