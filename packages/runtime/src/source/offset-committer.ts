import { type Logger, withDeadline } from '@millrace/api';
import type { OffsetEntry } from '../offsets/offset-entry.ts';
import type { TaskServices } from '../task/task-runner.ts';
import type { TaskSettings } from '../task/task-spec.ts';
import type { CommittedCallbacks } from './committed-callbacks.ts';
import type { Offsets, OffsetTracker } from './offset-tracker.ts';
import { countCommit, type SourceMetrics } from './source-metrics.ts';

export interface OffsetCommitterOptions {
  readonly settings: TaskSettings;
  readonly tracker: OffsetTracker;
  readonly services: Pick<TaskServices, 'writeOffsets'>;
  readonly callbacks: CommittedCallbacks;
  readonly metrics: SourceMetrics;
  readonly log: Logger;
}

/** Stores the offsets of what is acknowledged, every flush interval and whenever it is asked to. */
export class OffsetCommitter {
  readonly #options: OffsetCommitterOptions;
  #timer: NodeJS.Timeout | undefined;
  #commit: Promise<void> = Promise.resolve();
  #callback: Promise<void> | undefined;
  #closed = false;

  constructor(options: OffsetCommitterOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Waits for a commit that is under way. A failure is logged and counted, and its offsets go with the next commit. */
  commit(): Promise<void> {
    this.#commit = this.#commit.then(() => this.#commitNow());
    return this.#commit;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.commit().then(() => this.#schedule());
    }, this.#options.settings.offsetFlushIntervalMs);
  }

  async #commitNow(): Promise<void> {
    if (this.#closed) return;
    const { settings, tracker, services, metrics, log } = this.#options;
    const started = Date.now();
    const offsets = tracker.take();
    try {
      await this.#inTime('the offsets to be written', started, async () => {
        if (offsets.size > 0) await services.writeOffsets(entriesOf(offsets));
      });
      countCommit(metrics, Date.now() - started, true);
    } catch (error) {
      tracker.restore(offsets);
      countCommit(metrics, Date.now() - started, false);
      const reason = error instanceof Error ? error.message : String(error);
      log.error(
        `Offsets of ${offsets.size} partitions of the source could not be committed; they go with the next commit, in ${settings.offsetFlushIntervalMs} ms at most: ${reason}`,
        { error },
      );
      return;
    }
    await this.#tell(started);
  }

  /** A call that hangs is not waited for beyond the timeout, and not made again before it has returned. */
  async #tell(started: number): Promise<void> {
    const { callbacks, log, settings } = this.#options;
    this.#callback ??= callbacks.offsets().finally(() => {
      this.#callback = undefined;
    });
    const told = this.#callback;
    try {
      await this.#inTime('commit() of the task', started, () => told);
    } catch {
      log.warn(
        `commit() of the task has not returned within offset.flush.timeout.ms (${settings.offsetFlushTimeoutMs}).`,
      );
    }
  }

  #inTime(waitingFor: string, started: number, work: () => Promise<void>): Promise<void> {
    const milliseconds = Math.max(1, started + this.#options.settings.offsetFlushTimeoutMs - Date.now());
    return withDeadline({ waitingFor, milliseconds }, work);
  }
}

export function entriesOf(offsets: Offsets): OffsetEntry[] {
  return Array.from(offsets, ([{ partition }, offset]) => ({ partition, offset }));
}
