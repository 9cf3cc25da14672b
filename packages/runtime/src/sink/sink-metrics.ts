import { type CommonMetrics, createCommonMetrics, metricGroups } from '../task/common-metrics.ts';

/** Counts by the names of Java's `sink-task-metrics`; averages are total by count. */
interface SinkTaskMetrics {
  /** Records that were fetched. */
  sinkRecordReadTotal: number;
  /** Records that were put: what transforms and errors have left. */
  sinkRecordSendTotal: number;
  partitionCount: number;
  offsetCommitSeqNo: number;
  offsetCommitCompletionTotal: number;
  offsetCommitSkipTotal: number;
  putBatchCount: number;
  putBatchTimeMsTotal: number;
  putBatchMaxTimeMs: number;
  /** Records that were put, whose offsets are not committed. */
  sinkRecordActiveCount: number;
  sinkRecordActiveCountMax: number;
}

export type SinkMetrics = SinkTaskMetrics & CommonMetrics;

export function createSinkMetrics(): SinkMetrics {
  return {
    sinkRecordReadTotal: 0,
    sinkRecordSendTotal: 0,
    partitionCount: 0,
    offsetCommitSeqNo: 0,
    offsetCommitCompletionTotal: 0,
    offsetCommitSkipTotal: 0,
    putBatchCount: 0,
    putBatchTimeMsTotal: 0,
    putBatchMaxTimeMs: 0,
    sinkRecordActiveCount: 0,
    sinkRecordActiveCountMax: 0,
    ...createCommonMetrics(),
  };
}

/** As they stand now, by Java's groups. */
export function sinkMetricGroups(metrics: SinkMetrics): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return metricGroups('sink-task-metrics', metrics);
}
