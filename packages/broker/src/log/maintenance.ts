import type { Clock } from '../clock.ts';
import type { TopicStore } from '../topics/topic-store.ts';
import { Compactor } from './compactor.ts';
import type { OpenFiles } from './open-files.ts';
import type { PartitionLog } from './partition-log.ts';

export interface MaintenanceOptions {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly files: OpenFiles;
  readonly topics: TopicStore;
  /** Logs that belong to no topic. */
  readonly internal: readonly PartitionLog[];
}

/** Retention and compaction, in the background, one log after the other. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #compactor: Compactor;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#compactor = new Compactor({ ...options, isStopped: () => this.#stopped });
  }

  /** Runs again and again, with that much time in between, until the function that is returned is called. */
  start(intervalMs: number): () => void {
    const schedule = (): void => {
      if (this.#stopped) return;
      this.#cancel = this.#options.clock.schedule(intervalMs, () => {
        void this.run().then(schedule);
      });
    };
    schedule();
    return () => this.#cancel?.();
  }

  /** One round; the one that is under way, if there is one. It never rejects: what goes wrong is logged. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  async #round(): Promise<void> {
    const logs = [...this.#options.topics.all].flatMap(({ partitions }) => [...partitions]);
    for (const log of [...this.#options.internal, ...logs]) {
      if (this.#stopped) return;
      if (log.closed) continue;
      try {
        log.applyRetention();
        if (log.config.compact) await this.#compactor.compact(log);
      } catch (error) {
        this.#options.log(
          `${log.name}: retention or compaction failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}
