import { setImmediate as nextTurn } from 'node:timers/promises';
import { MillraceError, type SourceRecord, type SourceTask, sleep, withDeadline } from '@millrace/api';
import { createPluginMetrics } from '../plugins/plugin-metrics.ts';
import type { TaskRunner } from '../task/task-runner.ts';
import { withRetries } from '../task/with-retries.ts';
import { Attention } from './attention.ts';
import { openSourceTask } from './open-source-task.ts';
import type { SourceDelivery } from './source-delivery.ts';
import { countPoll, createSourceMetrics, type SourceMetrics, sourceMetricGroups } from './source-metrics.ts';
import type { SourceTaskRunnerOptions } from './source-task-runner-options.ts';
import { kafkaClients, TaskConnections } from './task-connections.ts';

/** After a poll without records: a source that never waits must not take a whole core. */
const emptyPollPauseMs = 1;

/** The life of a source task: opens it, polls, delivers, rests, ends. */
export class SourceTaskWork implements TaskRunner {
  readonly #metrics: SourceMetrics = createSourceMetrics();
  readonly #pluginMetrics = createPluginMetrics();
  readonly #options: SourceTaskRunnerOptions;
  readonly #connections: TaskConnections;
  readonly #attention = new Attention();
  /** Aborted when the task is to stop: the source, and back-offs, end what they wait for. */
  readonly #stopping = new AbortController();
  /** Aborted when Kafka is no longer waited for either. */
  readonly #hurry = new AbortController();
  readonly #cancelled = Promise.withResolvers<void>();
  #isCancelled = false;
  #hurryTimer: NodeJS.Timeout | undefined;
  #isPaused: boolean;
  #polling: Promise<unknown> = Promise.resolve();
  #delivery: SourceDelivery | undefined;

  constructor(options: SourceTaskRunnerOptions) {
    const { spec, clients, parts, log } = options;
    this.#options = options;
    this.#connections = new TaskConnections(spec, clients ?? kafkaClients(log), parts, log);
    this.#isPaused = spec.targetState === 'paused';
  }

  async run(): Promise<void> {
    await Promise.race([this.#work(), this.#cancelled.promise]);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#attention.ask();
  }

  stop(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort(new MillraceError('The task is stopped.', { code: 'STOPPED' }));
    const patience = this.#options.spec.settings.offsetFlushTimeoutMs;
    this.#hurryTimer = setTimeout(() => this.#hurryUp(), patience);
    this.#attention.ask();
  }

  cancel(): void {
    this.#isCancelled = true;
    this.stop();
    this.#hurryUp();
    this.#delivery?.close();
    this.#connections.abandon();
    this.#cancelled.resolve();
  }

  metrics(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    const errors = this.#connections.errors?.metrics;
    return {
      ...sourceMetricGroups(this.#metrics),
      ...(errors === undefined ? {} : { 'task-error-metrics': { ...errors } }),
      plugins: this.#pluginMetrics.read(),
    };
  }

  async #work(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    try {
      if (this.#isPaused) await this.#rest();
      if (!this.#stopping.signal.aborted) {
        await this.#open();
        this.#report('running');
        await this.#loop();
      }
    } catch (error) {
      if (!this.#isOfStopping(error)) failure = { error };
      else this.#options.log.info('The task was stopped before its last records were sent; those are read again.');
    }
    this.stop();
    try {
      if (!this.#isCancelled) await this.#delivery?.finish(failure !== undefined);
    } catch (error) {
      if (!this.#isOfStopping(error)) failure ??= { error };
      else
        this.#options.log.warn('The task was stopped, and Kafka took too long: what is not committed is read again.');
    }
    await this.#close();
    if (failure !== undefined) throw failure.error;
  }

  async #loop(): Promise<void> {
    const delivery = this.#delivery as SourceDelivery;
    while (!this.#stopping.signal.aborted) {
      if (this.#isPaused) {
        await delivery.rest();
        await this.#rest();
        if (!this.#stopping.signal.aborted) this.#report('running');
        continue;
      }
      await delivery.ready(this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      const records = await this.#poll();
      if (records !== null && records.length > 0) {
        await delivery.deliver(records);
        // The sockets get their turn, however fast the source is.
        await nextTurn();
      } else if (!this.#stopping.signal.aborted) {
        await delivery.nothingPolled();
        await sleep(emptyPollPauseMs);
      }
    }
  }

  async #poll(): Promise<readonly SourceRecord[] | null> {
    const { log } = this.#options;
    const { signal } = this.#stopping;
    const task = this.#connections.task as SourceTask;
    const started = performance.now();
    // A pause that was asked for meanwhile does not wait until the source can be reached again.
    const call = (): Promise<readonly SourceRecord[] | null> | null => (this.#isPaused ? null : task.poll());
    const polling = withRetries(call, { what: 'poll', log, signal });
    this.#polling = polling.catch(() => undefined);
    while (!(await this.#attention.until(polling))) await this.#delivery?.attend();
    try {
      const records = (await polling) ?? null;
      if (records !== null && records.length > 0) countPoll(this.#metrics, records.length, performance.now() - started);
      return records;
    } catch (error) {
      if (this.#isOfStopping(error) || (signal.aborted && isAbort(error))) return null;
      throw error;
    }
  }

  /** Until the task is resumed or stopped; deliveries are looked after meanwhile. */
  async #rest(): Promise<void> {
    this.#report('paused');
    while (this.#isPaused && !this.#stopping.signal.aborted) {
      await this.#attention.until();
      await this.#delivery?.attend();
    }
  }

  async #open(): Promise<void> {
    this.#delivery = await openSourceTask({
      runner: this.#options,
      connections: this.#connections,
      metrics: this.#metrics,
      pluginMetrics: this.#pluginMetrics,
      attention: this.#attention,
      stopping: this.#stopping.signal,
      hurry: this.#hurry.signal,
    });
    if (this.#isCancelled) this.#delivery.close();
  }

  async #close(): Promise<void> {
    const milliseconds = this.#options.spec.settings.offsetFlushTimeoutMs;
    this.#delivery?.close();
    // After a failure the source may still be polling; its signal is aborted.
    await withDeadline({ waitingFor: 'poll to return', milliseconds }, () => this.#polling).catch((error: Error) =>
      this.#options.log.warn(`${error.message} The task is closed all the same.`),
    );
    await this.#connections.close();
    clearTimeout(this.#hurryTimer);
  }

  #hurryUp(): void {
    this.#hurry.abort(new MillraceError('The task is stopped, and Kafka did not answer in time.', { code: 'STOPPED' }));
    this.#attention.ask();
  }

  #report(state: 'running' | 'paused'): void {
    if (!this.#isCancelled) this.#options.observer.stateChanged(state);
  }

  #isOfStopping(error: unknown): boolean {
    const { signal } = this.#stopping;
    return signal.aborted && (error === signal.reason || error === this.#hurry.signal.reason);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
