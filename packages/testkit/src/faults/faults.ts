import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, MillraceError, RetriableError, sleep } from '@millrace/api';
import type { Fault, TaskCall } from './fault.ts';

export interface FaultsOptions {
  readonly faults: readonly Fault[];
  /**
   * A directory in which each fault leaves a mark before it happens, so that it happens once even where the task or the process
   * is started again. Left out: calls are counted anew with every start of the task.
   */
  readonly marks?: string | undefined;
  /** Ends delays, not hangs. */
  readonly signal: AbortSignal;
}

/** Lets calls of one task go wrong as planned. */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #counts = new Map<TaskCall, number>();

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  async around<T>(call: TaskCall, work: () => Promise<T> | T): Promise<T> {
    const fault = this.#next(call);
    if (fault === undefined) return await work();
    if (!fault.after) {
      await this.#happen(fault);
      return await work();
    }
    const result = await work();
    await this.#happen(fault);
    return result;
  }

  #next(call: TaskCall): Fault | undefined {
    const count = (this.#counts.get(call) ?? 0) + 1;
    this.#counts.set(call, count);
    const fault = this.#options.faults.find(
      (planned) => planned.call === call && (planned.nth === undefined || planned.nth === count),
    );
    return fault !== undefined && this.#mark(fault) ? fault : undefined;
  }

  /** @returns `false` when it has happened before */
  #mark({ text, nth }: Fault): boolean {
    const { marks } = this.#options;
    if (marks === undefined || nth === undefined) return true;
    mkdirSync(marks, { recursive: true });
    try {
      closeSync(openSync(join(marks, encodeURIComponent(text)), 'wx'));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  async #happen({ kind, text, delayMs }: Fault): Promise<void> {
    const message = `The planned fault ${text}.`;
    switch (kind) {
      case 'fail':
        throw new MillraceError(message, { code: 'PLANNED' });
      case 'retriable':
        throw new RetriableError(message);
      case 'data':
        throw new DataError(message);
      case 'delay':
        return sleep(delayMs, this.#options.signal);
      case 'kill':
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => undefined);
      case 'hang':
        return new Promise(() => undefined);
    }
  }
}
