import type { Logger, RecordMetadata, SourceRecord, SourceTask } from '@millrace/api';

/** Tells a task what is done, one call after another. What it throws is logged and changes nothing. */
export class CommittedCallbacks {
  readonly #task: SourceTask;
  readonly #log: Logger;
  #last: Promise<void> = Promise.resolve();

  constructor(task: SourceTask, log: Logger) {
    this.#task = task;
    this.#log = log;
  }

  get wantsRecords(): boolean {
    return this.#task.committed !== undefined;
  }

  /** These records are acknowledged or dropped. */
  async records(records: readonly SourceRecord[], metadata: readonly (RecordMetadata | null)[]): Promise<void> {
    await this.#call('committed', () => this.#task.committed?.(records, metadata));
  }

  /** The offsets so far are stored. */
  async offsets(): Promise<void> {
    if (this.#task.commit !== undefined) await this.#call('commit', () => this.#task.commit?.());
  }

  /** Resolves when every call so far has returned. */
  get idle(): Promise<void> {
    return this.#last;
  }

  #call(name: string, call: () => Promise<void> | void): Promise<void> {
    this.#last = this.#last.then(async () => {
      try {
        await call();
      } catch (error) {
        this.#log.error(`The task threw in ${name}(); its offsets are not affected.`, { error });
      }
    });
    return this.#last;
  }
}
