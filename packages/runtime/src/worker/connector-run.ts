import { isDeepStrictEqual } from 'node:util';
import { ConfigError, MillraceError, type TaskConfig } from '@millrace/api';
import { javaStackTrace } from '../errors/java-class-names.ts';
import type { CallOptions, Host, HostedTask, TaskOwner } from '../host/host.ts';
import type { ConnectorSpec, LogLine, TaskMetrics } from '../host/host-messages.ts';
import type { HostPool } from '../host/host-pool.ts';
import type { OffsetStore } from '../offsets/offset-store.ts';
import type { PluginRegistry } from '../plugins/plugin-registry.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import { fenceFormerTasks, removeFormerMembers } from './former-tasks.ts';
import { type RunState, type RunStatus, runStatusOf, type TaskRunStatus } from './run-status.ts';
import { type ConnectorPlan, taskSpecs } from './task-specs.ts';
import type { WorkerConfig } from './worker-config.ts';

export interface ConnectorRunOptions {
  readonly plan: ConnectorPlan;
  readonly worker: WorkerConfig;
  readonly pool: HostPool;
  readonly registry: PluginRegistry;
  /** The store of the connector's offsets, and what closes it, where it is the connector's own. */
  readonly openOffsets: () => Promise<{ readonly store: OffsetStore; readonly close: () => Promise<void> }>;
  readonly log: (line: LogLine) => void;
}

interface RunningTask {
  readonly spec: TaskSpec;
  readonly hosted: HostedTask;
  status: RunStatus;
  metrics: TaskMetrics;
}

const callMs = 60_000;

/** A connector at work: its tasks, and its watch. Whoever drives it calls one method at a time. */
export class ConnectorRun {
  readonly #options: ConnectorRunOptions;
  readonly #call: CallOptions = { deadlineMs: callMs };
  readonly topics: Set<string> = new Set();
  #tasks: RunningTask[] = [];
  #taskConfigs: readonly TaskConfig[] = [];
  /** Counts the generations of tasks: what an earlier one still asks is refused. */
  #generation = 0;
  /** How many tasks of earlier generations may have transactions open. */
  #earlierTasks = 0;
  /** Former members leave their group while the tasks that are left work already. */
  #removing: Promise<void> = Promise.resolve();
  #status: RunStatus = { state: 'UNASSIGNED' };
  #target: TaskSpec['targetState'] = 'started';
  #opened: Awaited<ReturnType<ConnectorRunOptions['openOffsets']>> | undefined;
  #stopWatch: ((options: CallOptions) => Promise<void>) | undefined;

  constructor(options: ConnectorRunOptions) {
    this.#options = options;
  }

  get status(): RunStatus {
    return this.#status;
  }

  get tasks(): readonly TaskRunStatus[] {
    return this.#tasks.map(({ spec, status }) => ({ id: spec.id.task, ...status }));
  }

  /** Their configurations, as Kafka Connect stores them. Secrets in them are resolved. */
  get taskConfigs(): readonly TaskConfig[] {
    return this.#tasks.map(({ spec }) => spec.taskConfig);
  }

  metrics(task: number): TaskMetrics {
    return this.#tasks[task]?.metrics ?? {};
  }

  /** Starts nothing. @throws ConfigError that names what is wrong with the configuration. */
  async check(): Promise<void> {
    const { plan, pool, registry, worker } = this.#options;
    // Before anything is stopped: every plugin that tasks are made of has to be known.
    taskSpecs({ plan, worker, registry, taskConfigs: [], targetState: this.#target });
    const host = pool.leastLoaded();
    const problems = await host.validate(this.#spec(), this.#call);
    if (problems.length > 0) throw new ConfigError(problems);
    await this.#requireExactlyOnce(host);
  }

  /** Begins to watch, and starts the tasks. `reconfigure` is called when the source has changed. */
  async start(reconfigure: () => void): Promise<void> {
    try {
      this.#opened = await this.#options.openOffsets();
      await this.restart(reconfigure);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Begins to watch anew; tasks go on, unless their configurations have changed. */
  async restart(reconfigure: () => void): Promise<void> {
    const { pool } = this.#options;
    const connector = this.#spec();
    const owner = {
      readOffsets: (partitions: Parameters<TaskOwner['readOffsets']>[0]) =>
        this.#offsets().read(connector.name, partitions),
      reconfigure,
      raiseError: (error: Error) => this.#failed(error),
    };
    await this.#endWatch();
    this.#status = { state: 'UNASSIGNED' };
    try {
      this.#stopWatch = await pool.leastLoaded().watch(connector, owner, this.#call);
      await this.startTasks(reconfigure);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    if (this.status.state !== 'FAILED') this.#status = { state: this.#wanted() };
  }

  /** Makes the tasks anew, and restarts all of them unless their configurations are what they were. */
  async startTasks(reconfigure: () => void): Promise<void> {
    const { plan, pool, worker, registry, log } = this.#options;
    const max = plan.config.tasksMax;
    const taskConfigs = await pool.leastLoaded().tasks(this.#spec(), max, this.#call);
    this.#checkCount(taskConfigs.length, max);
    if (this.#tasks.length > 0 && isDeepStrictEqual(taskConfigs, this.#taskConfigs)) return;
    const { specs, warnings } = taskSpecs({ plan, worker, registry, taskConfigs, targetState: this.#target });
    for (const message of warnings) log({ level: 'warn', message, fields: { connector: plan.name } });
    await this.#stopTasks();
    // It would take the new tasks out of their group, too.
    await this.#removing;
    const former = this.#tasks;
    this.#taskConfigs = taskConfigs;
    this.#generation++;
    this.#tasks = specs.map((spec) => this.#startTask(spec, reconfigure));
    if (specs.length < former.length) this.#removing = this.#removeMembers(former, specs.length);
  }

  /** Starts tasks again as they were, also those that have failed. */
  async restartTasks(ids: readonly number[], reconfigure: () => void): Promise<void> {
    const { stopMs } = this.#options.worker;
    await Promise.all(ids.map(async (id) => this.#tasks[id]?.hosted.stop(stopMs)));
    for (const id of ids) {
      const task = this.#tasks[id];
      if (task !== undefined)
        this.#tasks[id] = this.#startTask({ ...task.spec, targetState: this.#target }, reconfigure);
    }
  }

  pause(): void {
    this.#target = 'paused';
    for (const { hosted } of this.#tasks) hosted.pause();
    if (this.#status.state === 'RUNNING') this.#status = { state: 'PAUSED' };
  }

  resume(): void {
    this.#target = 'started';
    for (const { hosted } of this.#tasks) hosted.resume();
    if (this.#status.state === 'PAUSED') this.#status = { state: 'RUNNING' };
  }

  async stop(): Promise<void> {
    await this.#endWatch();
    await this.#stopTasks();
    await this.#removing;
    await this.#removeMembers(this.#tasks, 0);
    this.#tasks = [];
    this.#status = { state: 'STOPPED' };
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.close();
  }

  async #endWatch(): Promise<void> {
    const stopWatch = this.#stopWatch;
    this.#stopWatch = undefined;
    // A watch whose host is gone has ended.
    await stopWatch?.(this.#call).catch(() => undefined);
  }

  async #stopTasks(): Promise<void> {
    const { stopMs } = this.#options.worker;
    this.#earlierTasks = Math.max(this.#earlierTasks, this.#tasks.length);
    await Promise.all(this.#tasks.map(({ hosted }) => hosted.stop(stopMs)));
  }

  #startTask(spec: TaskSpec, reconfigure: () => void): RunningTask {
    const state: { status: RunStatus; metrics: TaskMetrics } = { status: { state: 'UNASSIGNED' }, metrics: {} };
    const hosted = this.#options.pool.hostFor(spec).startTask(spec, {
      ...this.#services(spec, this.#generation, reconfigure),
      statusChanged: (status) => {
        running.status = runStatusOf(status);
      },
      topicUsed: (topic) => this.topics.add(topic),
      metrics: (metrics) => {
        running.metrics = metrics;
      },
    });
    const running: RunningTask = Object.assign(state, { spec, hosted });
    return running;
  }

  #services(
    spec: TaskSpec,
    generation: number,
    reconfigure: () => void,
  ): Omit<TaskOwner, 'statusChanged' | 'topicUsed' | 'metrics'> {
    const { worker } = this.#options;
    const offsets = this.#offsets();
    const { id, exactlyOnce } = spec;
    const { connector } = id;
    return {
      readOffsets: (partitions) => offsets.read(connector, partitions),
      writeOffsets: (entries) => offsets.write(connector, entries),
      offsetKeys: (partitions) => offsets.keys(connector, partitions),
      offsetsCommitted: async (entries) => offsets.committed?.(connector, entries),
      fenceEarlierTasks: async () => {
        if (exactlyOnce === undefined) return;
        await fenceFormerTasks(spec, worker.groupId, this.#tasks.length, this.#earlierTasks);
      },
      checkGeneration: async () => {
        if (generation === this.#generation) return;
        throw new MillraceError(`Task ${connector}-${id.task} was replaced by one with a newer configuration.`, {
          code: 'OUTDATED',
        });
      },
      reconfigure,
      raiseError: (error) => this.#failed(error),
    };
  }

  #offsets(): OffsetStore {
    const { name } = this.#options.plan;
    if (this.#opened !== undefined) return this.#opened.store;
    throw new MillraceError(`Connector ${name} was stopped; nothing is read or stored for it.`, { code: 'STOPPED' });
  }

  /** Takes those from `first` on out of their consumer group. Never rejects. */
  async #removeMembers(tasks: readonly RunningTask[], first: number): Promise<void> {
    const spec = tasks[0]?.spec;
    if (spec?.kind === 'sink') await removeFormerMembers(spec, first, this.#options.log);
  }

  async #requireExactlyOnce(host: Host): Promise<void> {
    const { plan, worker } = this.#options;
    if (!('exactlyOnceSupport' in plan.config) || plan.config.exactlyOnceSupport !== 'required') return;
    const key = 'exactly.once.support';
    if (!worker.exactlyOnce) {
      throw new ConfigError([{ key, message: 'This worker does not have exactly-once source support enabled.' }]);
    }
    if ((await host.exactlyOnce(this.#spec(), this.#call)) === 'supported') return;
    const message = 'The connector does not support exactly-once semantics with the provided configuration.';
    throw new ConfigError([{ key, message }]);
  }

  #checkCount(count: number, max: number): void {
    const { plan, log } = this.#options;
    if (count <= max) return;
    const text = `The connector ${plan.name} has generated ${count} tasks, which is greater than ${max}, the maximum number of tasks it is configured to create. `;
    if (plan.config.tasksMaxEnforce) {
      throw new MillraceError(`${text}If necessary, it can be permitted with 'tasks.max.enforce' set to false.`);
    }
    log({ level: 'warn', message: text, fields: { connector: plan.name } });
  }

  #failed(error: unknown): void {
    this.#status = { state: 'FAILED', trace: javaStackTrace(error) };
  }

  #wanted(): RunState {
    return this.#target === 'paused' ? 'PAUSED' : 'RUNNING';
  }

  #spec(): ConnectorSpec {
    const { name, kind, connector, raw } = this.#options.plan;
    return { name, kind, plugin: connector.reference, config: raw };
  }
}
