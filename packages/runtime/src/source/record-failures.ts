import type { SourceRecord } from '@millrace/api';
import type { ErrorStage, TaskErrors } from '../errors/task-errors.ts';

/** What becomes of a failed record that does not fail the task. */
type FailedRecord = 'retry' | 'skip';

/** Decides about records that failed on their way from `poll` to the producer. */
export interface RecordFailures {
  /** `record` is as it was polled. @throws what the task fails of, where the failure is not tolerated. */
  decide(record: SourceRecord, stage: ErrorStage, className: string, error: unknown): Promise<FailedRecord>;
}

export interface RecordFailuresOptions {
  readonly errors: TaskErrors;
  /** Stages whose failures are never tolerated. */
  readonly fatal: readonly ErrorStage[];
  /** Awaited first, for instance because a dead letter cannot be written yet. */
  readonly before?: () => Promise<void>;
}

export function recordFailures({ errors, fatal, before }: RecordFailuresOptions): RecordFailures {
  return {
    async decide(record, stage, className, error) {
      const failure = { subject: record, stage, className, error, origin: () => record };
      if (fatal.includes(stage)) throw errors.failed(failure);
      await before?.();
      const decision = await errors.decide(failure);
      if (decision === 'throw') throw errors.failed(failure);
      return decision;
    },
  };
}
