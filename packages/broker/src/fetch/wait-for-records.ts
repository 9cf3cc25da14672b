import type { Clock } from '../clock.ts';
import type { PartitionLog } from '../log/partition-log.ts';

export interface RecordWait {
  readonly logs: readonly PartitionLog[];
  readonly bytes: number;
  readonly milliseconds: number;
  /** Committed records may become readable without anything of that size being appended. */
  readonly committedOnly: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Resolves when that much was appended to the logs, when the time is over or when the client is gone. */
export function waitForRecords({ logs, bytes, milliseconds, committedOnly, clock, signal }: RecordWait): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    let missing = bytes;
    const done = (): void => {
      cancel();
      for (const stop of stops) stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.schedule(milliseconds, done);
    const stops = logs.map((log) =>
      log.onChange((appended) => {
        missing -= appended;
        if (missing <= 0 || appended === 0 || committedOnly) done();
      }),
    );
    signal.addEventListener('abort', done);
  });
}
