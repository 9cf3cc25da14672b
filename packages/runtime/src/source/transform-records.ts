import { type Logger, RetriableError, type SourceRecord } from '@millrace/api';
import type { TransformChain } from '@millrace/transforms';
import type { TaskSpec } from '../task/task-spec.ts';
import { pauseAfter } from '../task/with-retries.ts';
import type { RecordFailures } from './record-failures.ts';

export interface TransformOptions {
  readonly spec: TaskSpec;
  readonly chain: TransformChain;
  readonly failures: RecordFailures;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Applies the transforms of the connector to what was polled; `null` stands for each record that was dropped. */
export async function transformRecords(
  records: readonly SourceRecord[],
  { spec, chain, failures, log, signal }: TransformOptions,
): Promise<readonly (SourceRecord | null)[]> {
  if (chain.stages.length === 0) return records;
  const classOf = (alias: string): string =>
    spec.transforms.find((transform) => transform.alias === alias)?.plugin.className ?? alias;
  let attempt = 0;
  return await chain.applyBatch(records, {
    onError: (_, error, alias, index) =>
      failures.decide(records[index] as SourceRecord, 'TRANSFORMATION', classOf(alias), error),
    onPrepareError: async (error, alias) => {
      if (!RetriableError.isInstance(error)) return 'throw';
      await pauseAfter(error, attempt++, { what: `Transform ${alias}`, log, signal });
      return 'retry';
    },
  });
}
