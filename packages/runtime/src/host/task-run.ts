import {
  errorToWire,
  type Logger,
  MillraceError,
  type TableProviders,
  TimeoutError,
  withDeadline,
} from '@millrace/api';
import { javaStackTrace } from '../errors/java-class-names.ts';
import { assembleTask, closeParts } from '../plugins/assemble-task.ts';
import type { TaskRunner, TaskRunnerOptions, TaskServices } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import type { TaskMetrics, TaskStatus } from './host-messages.ts';

export type CreateTaskRunner = (options: TaskRunnerOptions) => TaskRunner | Promise<TaskRunner>;

export interface TaskRunOptions {
  readonly spec: TaskSpec;
  readonly createRunner: CreateTaskRunner;
  /** They end with the signal. */
  readonly services: (signal: AbortSignal) => TaskServices;
  readonly log: Logger;
  readonly tables: TableProviders | undefined;
  readonly statusChanged: (status: TaskStatus) => void;
  readonly topicUsed: (topic: string) => void;
}

/** One start of a task in its host, from the assembly of its plugins to its end. */
export class TaskRun {
  readonly #options: TaskRunOptions;
  /** Ends the assembly, and everything once the task is cancelled. */
  readonly #controller = new AbortController();
  readonly #ended: Promise<void>;
  #runner: TaskRunner | undefined;
  #target: TaskSpec['targetState'];
  #stopping = false;
  #cancelled = false;

  constructor(options: TaskRunOptions) {
    this.#options = options;
    this.#target = options.spec.targetState;
    this.#ended = this.#work();
  }

  /** Settles when the task is over; never rejects. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  get metrics(): TaskMetrics | undefined {
    return this.#runner?.metrics?.();
  }

  pause(): void {
    this.#target = 'paused';
    this.#runner?.pause();
  }

  resume(): void {
    this.#target = 'started';
    this.#runner?.resume();
  }

  async stop(deadlineMs: number): Promise<'stopped' | 'cancelled'> {
    this.#stopping = true;
    if (this.#runner === undefined) this.#controller.abort(stopped());
    else this.#runner.stop();
    try {
      await withDeadline({ waitingFor: 'the task to stop', milliseconds: deadlineMs }, () => this.#ended);
      return this.#cancelled ? 'cancelled' : 'stopped';
    } catch (error) {
      if (!TimeoutError.isInstance(error)) throw error;
      this.cancel();
      return 'cancelled';
    }
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#controller.abort(stopped());
    this.#runner?.cancel();
  }

  async #work(): Promise<void> {
    try {
      // The caller has the run before its first status comes.
      await Promise.resolve();
      const runner = await this.#assemble();
      if (runner !== undefined) await runner.run();
      this.#report({ state: 'stopped' });
    } catch (error) {
      if (this.#stopping && this.#runner === undefined) this.#report({ state: 'stopped' });
      else this.#report({ state: 'failed', trace: javaStackTrace(error), error: errorToWire(error) });
    } finally {
      this.#controller.abort(stopped());
    }
  }

  async #assemble(): Promise<TaskRunner | undefined> {
    const { spec, services, createRunner, log, tables, topicUsed } = this.#options;
    const { signal } = this.#controller;
    const parts = await assembleTask({ spec, log, signal, tables });
    try {
      signal.throwIfAborted();
      const runner = await createRunner({
        spec: { ...spec, targetState: this.#target },
        parts,
        services: services(signal),
        observer: {
          stateChanged: (state) => this.#report({ state }),
          topicUsed: (topic) => {
            if (!this.#cancelled) topicUsed(topic);
          },
        },
        log,
      });
      signal.throwIfAborted();
      this.#follow(runner, this.#target === spec.targetState);
      return runner;
    } catch (error) {
      await closeParts(parts);
      throw error;
    }
  }

  /** What was asked of the task while its runner was made reaches it too. */
  #follow(runner: TaskRunner, unchanged: boolean): void {
    this.#runner = runner;
    if (unchanged) return;
    if (this.#target === 'paused') runner.pause();
    else runner.resume();
  }

  #report(status: TaskStatus): void {
    if (!this.#cancelled) this.#options.statusChanged(status);
  }
}

function stopped(): Error {
  return new MillraceError('The task was stopped.', { code: 'STOPPED' });
}
