import { createHash } from 'node:crypto';
import { type SourceConnectorContext, sleep, type TaskConfig, type TasksRequest } from '@millrace/api';
import type { FileSourceConfig } from './file-source-config.ts';
import { listSeries, pauseAfterScan } from './file-source-scan.ts';

/** Up to this many series per task, they are shared out as evenly as possible; more are even enough by chance. */
const seriesWorthSharing = 4;
const seedsToTry = 2000;

/** Which of `count` tasks reads a series. Every task finds out alone, so that a new file needs no new configuration. */
export function taskOf(series: string, count: number, seed: number): number {
  return createHash('sha256').update(`${seed}:${series}`).digest().readUInt32BE() % count;
}

/** One task per series, up to the most that the user wants. */
export async function tasks({ config, raw, max }: TasksRequest<FileSourceConfig>): Promise<readonly TaskConfig[]> {
  const series = await listSeries(config.files, config.exclude);
  const count = Math.max(1, Math.min(max, series.length));
  const seed = series.length <= count * seriesWorthSharing ? fairestSeed(series, count) : 0;
  return Array.from({ length: count }, (_, index) => ({
    ...raw,
    'task.index': String(index),
    'task.count': String(count),
    'task.seed': String(seed),
  }));
}

/** Asks for other tasks whenever there are more series than ever before. Fewer are no reason: files come and go. */
export async function watch({
  config,
  log,
  signal,
  reconfigure,
}: Pick<
  SourceConnectorContext<FileSourceConfig, never, never>,
  'config' | 'log' | 'signal' | 'reconfigure'
>): Promise<void> {
  let most = (await listSeries(config.files, config.exclude)).length;
  for (let took = 0; ; ) {
    try {
      await sleep(pauseAfterScan(config.scanInterval, took), signal);
    } catch {
      return; // Stopped.
    }
    const start = Date.now();
    const { length } = await listSeries(config.files, config.exclude);
    took = Date.now() - start;
    if (length <= most) continue;
    most = length;
    log.info('There are new files; asking for tasks again.', { series: length });
    reconfigure();
  }
}

/** The seed under which the task with the most series has the fewest. */
function fairestSeed(series: readonly string[], count: number): number {
  const ideal = Math.ceil(series.length / count);
  let best = { seed: 0, most: Number.POSITIVE_INFINITY };
  for (let seed = 0; seed < seedsToTry && best.most > ideal; seed++) {
    const loads = Array.from({ length: count }, () => 0);
    for (const name of series) {
      const task = taskOf(name, count, seed);
      loads[task] = (loads[task] ?? 0) + 1;
    }
    const most = Math.max(...loads);
    if (most < best.most) best = { seed, most };
  }
  return best.seed;
}
