import { type Logger, RetriableError, type SinkRecord } from '@millrace/api';
import type { ChainErrors } from '@millrace/transforms';
import { classAt } from '../errors/class-at.ts';
import type { RawRecord, RecordFailure, TaskErrors } from '../errors/task-errors.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import { pauseAfter, withRetries } from '../task/with-retries.ts';
import type { FetchedBatch } from './fetched-batch.ts';
import type { DecodeErrors, DecodeFailure, DecodeStage } from './record-decoder.ts';

export interface RecordErrorsOptions {
  readonly spec: TaskSpec;
  readonly errors: TaskErrors;
  readonly batch: FetchedBatch;
  readonly log: Logger;
  /** Ends waiting for a back-off. */
  readonly signal: AbortSignal;
}

/** Asks {@link TaskErrors} about what fails between the fetch and the put, with the fetched record as its origin. */
export class RecordErrors implements DecodeErrors {
  readonly #options: RecordErrorsOptions;
  readonly #classNames: ReadonlyMap<string, string>;

  constructor(options: RecordErrorsOptions) {
    const { spec } = options;
    this.#options = options;
    this.#classNames = new Map(spec.transforms.map(({ alias, plugin }) => [alias, plugin.className]));
  }

  onFailure({ index, stage, error }: DecodeFailure): Promise<'retry' | 'skip'> {
    const { spec, batch } = this.#options;
    const subject = `${batch.runOf(index).partition.key}@${batch.offsets[index]}`;
    const className = classAt(stage, spec);
    return this.#decide({ subject, stage, className, error, origin: () => batch.rawRecord(index) });
  }

  preparing<T>(stage: DecodeStage, call: () => Promise<T> | undefined): Promise<T | undefined> {
    const { log, signal, spec } = this.#options;
    return withRetries(call, { what: `${stage} ${classAt(stage, spec)}`, log, signal });
  }

  /** For the transforms of these records. */
  transforming(records: readonly SinkRecord[]): ChainErrors {
    const { log, signal } = this.#options;
    let attempt = 0;
    return {
      onError: (record, error, alias, index) =>
        this.#decide({
          subject: record,
          stage: 'TRANSFORMATION',
          className: this.#classNames.get(alias) ?? alias,
          error,
          origin: () => this.#origin(records[index] as SinkRecord),
        }),
      onPrepareError: async (error, alias) => {
        if (!RetriableError.isInstance(error)) return 'throw';
        await pauseAfter(error, attempt++, { what: `Transform ${alias}`, log, signal });
        return 'retry';
      },
    };
  }

  async #decide(failure: RecordFailure): Promise<'retry' | 'skip'> {
    const { errors } = this.#options;
    const decision = await errors.decide(failure);
    if (decision === 'throw') throw errors.failed(failure);
    return decision;
  }

  #origin({ originalTopic, originalPartition, originalOffset }: SinkRecord): RawRecord {
    const { batch } = this.#options;
    return batch.rawRecord(batch.find(originalTopic, originalPartition, originalOffset));
  }
}
