import { setTimeout as sleep } from 'node:timers/promises';

/** A client at work while something breaks. */
export interface Role {
  readonly name: string;
  /** Grows with every piece of work that succeeds. */
  readonly done: number;
  /** Works until it is told to stop; rejects where it cannot go on. */
  work(stopping: AbortSignal): Promise<void>;
}

export type RoleSettings = Record<string, string | number>;

/** Of every topic that is worked on. */
export const partitionCount = 3;

/** Load, and nobody's synchronisation: so often is written. */
const paceMs = 10;

export async function paced(stopping: AbortSignal, write: () => Promise<void> | void): Promise<void> {
  while (!stopping.aborted) {
    await write();
    await sleep(paceMs);
  }
}
