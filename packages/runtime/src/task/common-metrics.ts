/** Counts by the names of Java's `connector-task-metrics`, which sources and sinks share. */
export interface CommonMetrics {
  batchSizeMax: number;
  offsetCommitSuccesses: number;
  offsetCommitFailures: number;
  offsetCommitTimeMsTotal: number;
  offsetCommitMaxTimeMs: number;
}

export function createCommonMetrics(): CommonMetrics {
  return {
    batchSizeMax: 0,
    offsetCommitSuccesses: 0,
    offsetCommitFailures: 0,
    offsetCommitTimeMsTotal: 0,
    offsetCommitMaxTimeMs: 0,
  };
}

/** As they stand now, by Java's groups: `ownGroup` has what is not common. */
export function metricGroups<M extends CommonMetrics & Record<keyof M, number>>(
  ownGroup: string,
  metrics: M,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const {
    batchSizeMax,
    offsetCommitSuccesses,
    offsetCommitFailures,
    offsetCommitTimeMsTotal,
    offsetCommitMaxTimeMs,
    ...own
  } = metrics;
  const common = {
    batchSizeMax,
    offsetCommitSuccesses,
    offsetCommitFailures,
    offsetCommitTimeMsTotal,
    offsetCommitMaxTimeMs,
  };
  return { [ownGroup]: own as Readonly<Record<string, number>>, 'connector-task-metrics': common };
}
