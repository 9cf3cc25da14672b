import { type CommonMetrics, createCommonMetrics, metricGroups } from '../task/common-metrics.ts';

/** Counts by the names of Java's `source-task-metrics`; averages are total by count. */
interface SourceTaskMetrics {
  sourceRecordPollTotal: number;
  sourceRecordWriteTotal: number;
  /** Polled, and neither acknowledged nor dropped. */
  sourceRecordActiveCount: number;
  sourceRecordActiveCountMax: number;
  pollBatchCount: number;
  pollBatchTimeMsTotal: number;
  pollBatchMaxTimeMs: number;
  transactionCount: number;
  transactionSizeTotal: number;
  transactionSizeMin: number;
  transactionSizeMax: number;
}

export type SourceMetrics = SourceTaskMetrics & CommonMetrics;

export function createSourceMetrics(): SourceMetrics {
  return {
    sourceRecordPollTotal: 0,
    sourceRecordWriteTotal: 0,
    sourceRecordActiveCount: 0,
    sourceRecordActiveCountMax: 0,
    pollBatchCount: 0,
    pollBatchTimeMsTotal: 0,
    pollBatchMaxTimeMs: 0,
    transactionCount: 0,
    transactionSizeTotal: 0,
    transactionSizeMin: 0,
    transactionSizeMax: 0,
    ...createCommonMetrics(),
  };
}

/** As they stand now, by Java's groups. */
export function sourceMetricGroups(metrics: SourceMetrics): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return metricGroups('source-task-metrics', metrics);
}

export function countPoll(metrics: SourceMetrics, records: number, milliseconds: number): void {
  metrics.pollBatchCount++;
  metrics.pollBatchTimeMsTotal += milliseconds;
  metrics.pollBatchMaxTimeMs = Math.max(metrics.pollBatchMaxTimeMs, milliseconds);
  metrics.batchSizeMax = Math.max(metrics.batchSizeMax, records);
  metrics.sourceRecordPollTotal += records;
  metrics.sourceRecordActiveCount += records;
  metrics.sourceRecordActiveCountMax = Math.max(metrics.sourceRecordActiveCountMax, metrics.sourceRecordActiveCount);
}

export function countCommit(metrics: SourceMetrics, milliseconds: number, succeeded: boolean): void {
  if (succeeded) metrics.offsetCommitSuccesses++;
  else metrics.offsetCommitFailures++;
  metrics.offsetCommitTimeMsTotal += milliseconds;
  metrics.offsetCommitMaxTimeMs = Math.max(metrics.offsetCommitMaxTimeMs, milliseconds);
}

export function countTransaction(metrics: SourceMetrics, records: number): void {
  const { transactionCount, transactionSizeMin } = metrics;
  metrics.transactionSizeMin = transactionCount === 0 ? records : Math.min(transactionSizeMin, records);
  metrics.transactionSizeMax = Math.max(metrics.transactionSizeMax, records);
  metrics.transactionSizeTotal += records;
  metrics.transactionCount++;
}
