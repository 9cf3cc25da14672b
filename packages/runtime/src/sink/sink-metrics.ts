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

/** Counts by the names of Java's `connector-task-metrics`. */
interface SinkCommonMetrics {
  batchSizeMax: number;
  offsetCommitSuccesses: number;
  offsetCommitFailures: number;
  offsetCommitTimeMsTotal: number;
  offsetCommitMaxTimeMs: number;
}

export type SinkMetrics = SinkTaskMetrics & SinkCommonMetrics;

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
    batchSizeMax: 0,
    offsetCommitSuccesses: 0,
    offsetCommitFailures: 0,
    offsetCommitTimeMsTotal: 0,
    offsetCommitMaxTimeMs: 0,
  };
}

/** As they stand now, by Java's groups. */
export function sinkMetricGroups(metrics: SinkMetrics): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const {
    batchSizeMax,
    offsetCommitSuccesses,
    offsetCommitFailures,
    offsetCommitTimeMsTotal,
    offsetCommitMaxTimeMs,
    ...own
  } = metrics;
  const common: SinkCommonMetrics = {
    batchSizeMax,
    offsetCommitSuccesses,
    offsetCommitFailures,
    offsetCommitTimeMsTotal,
    offsetCommitMaxTimeMs,
  };
  return { 'sink-task-metrics': { ...own }, 'connector-task-metrics': { ...common } };
}
