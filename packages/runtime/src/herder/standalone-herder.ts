import {
  AlreadyExistsError,
  type ConfigDefinitionJson,
  type ConfigInfosJson,
  NotFoundError,
  type RawConfig,
} from '@millrace/api';
import { type Admin, createAdmin } from '@millrace/kafka';
import { clientSettings, defaultConsumerGroup } from '../config/client-settings.ts';
import { javaStackTrace } from '../errors/java-class-names.ts';
import type { OffsetStore } from '../offsets/offset-store.ts';
import type { Worker } from '../worker/worker.ts';
import {
  type CheckOverrides,
  connectorOf,
  refuseInvalid,
  type ValidationOptions,
  validateConnector,
} from './connector-validation.ts';
import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorOffset,
  ConnectorState,
  Herder,
  LoggerLevel,
  NewConnector,
  PluginInfo,
  RestartRequest,
  StateInfo,
  TargetState,
  TaskInfo,
  TaskName,
  TaskStateInfo,
  WorkerInfo,
} from './herder.ts';
import { badRequest, forbidden } from './herder-errors.ts';
import { KeyedTurns } from './keyed-turns.ts';
import { LoggerLevels } from './log-levels.ts';
import { patchConfig } from './patch-config.ts';
import { pluginConfig, pluginInfos } from './plugin-infos.ts';
import { planRestart } from './restart-plan.ts';
import {
  alterSinkOffsets,
  parseSinkOffsets,
  readSinkOffsets,
  resetSinkOffsets,
  type SinkGroup,
} from './sink-offsets.ts';
import { unresolvedConfig } from './unresolved-config.ts';
import { WorkStages } from './work-stages.ts';

export interface StandaloneHerderOptions {
  /** Closed by the herder. */
  readonly worker: Worker;
  /** Address of the worker's REST server: `host:port`. */
  readonly workerId: string;
  /** The worker's store of source offsets. */
  readonly offsets: OffsetStore;
  readonly version: string;
  readonly commit: string;
  /** Puts values in the place of variables (`${file:…}`). Left out: there are no variables. */
  readonly resolve?: ((config: RawConfig) => Promise<RawConfig>) | undefined;
  /** The worker's policy for client settings of connectors. Left out: everything is allowed. */
  readonly checkOverrides?: CheckOverrides | undefined;
}

interface Entry {
  readonly name: string;
  config: ConnectorConfig;
  target: TargetState;
  type: 'source' | 'sink';
  version: string;
  /** With variables resolved, as the tasks got it. */
  resolved: ConnectorConfig;
  /** Why it could not be started. */
  failure: string | undefined;
  readonly topics: Set<string>;
}

/**
 * One worker by itself: configurations and wanted states live in memory, offsets in the store. A call that changes what is
 * wanted resolves when that is accepted; what then happens to the connector is read from its state.
 *
 * It is one file because every call turns on the same entry: what is wanted, what runs, and why it does not.
 */
export class StandaloneHerder implements Herder {
  readonly #options: StandaloneHerderOptions;
  readonly #validation: ValidationOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #turns = new KeyedTurns();
  readonly #stages = new WorkStages();
  readonly #loggers: LoggerLevels;
  #admin: Admin | undefined;
  #clusterId: string | null = null;
  #closing: Promise<void> | undefined;

  constructor(options: StandaloneHerderOptions) {
    this.#options = options;
    const { worker, checkOverrides } = options;
    this.#validation = { worker, checkOverrides };
    const connectors = worker.registry.plugins.filter(({ kind }) => kind === 'source' || kind === 'sink');
    this.#loggers = new LoggerLevels({
      classes: connectors.map(({ reference }) => reference.className),
      changed: (levels) => worker.setLogLevels(levels),
    });
  }

  get workerId(): string {
    return this.#options.workerId;
  }

  get stage(): string {
    return this.#stages.summary;
  }

  async info(): Promise<WorkerInfo> {
    const { version, commit } = this.#options;
    if (this.#clusterId === null) {
      const id = { connector: 'worker', task: 0 };
      const { properties } = this.#options.worker;
      const { clients } = clientSettings({ id, kind: 'sink', worker: properties, connector: {}, deadLetters: false });
      this.#admin ??= createAdmin({ settings: { ...clients.admin, 'client.id': 'shared-admin' } });
      this.#clusterId = await this.#admin.clusterId();
    }
    return { version, commit, kafka_cluster_id: this.#clusterId };
  }

  async ready(): Promise<boolean> {
    return true;
  }

  async connectors(): Promise<readonly string[]> {
    return [...this.#entries.keys()];
  }

  async connectorInfo(name: string): Promise<ConnectorInfo> {
    return this.#info(this.#entry(name));
  }

  async connectorState(name: string): Promise<ConnectorState> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new NotFoundError(`No status found for connector ${name}`);
    return this.#state(entry);
  }

  async taskInfos(name: string): Promise<readonly TaskInfo[]> {
    const entry = this.#entry(name);
    return this.#taskConfigs(name).map((config, task) => ({
      id: { connector: name, task },
      config: unresolvedConfig(config, entry.config, entry.resolved),
    }));
  }

  async taskState({ connector, task }: TaskName): Promise<TaskStateInfo> {
    const entry = this.#entries.get(connector);
    const found = entry === undefined ? undefined : this.#state(entry).tasks.find(({ id }) => id === task);
    if (found === undefined) throw new NotFoundError(`No status found for task ${connector}-${task}`);
    return found;
  }

  async createConnector({ name, config, initialState = 'STARTED' }: NewConnector): Promise<ConnectorInfo> {
    return await this.#turns.run(name, async () => {
      const checked = await this.#check(name, config);
      if (this.#entries.has(name)) throw new AlreadyExistsError(`Connector ${name} already exists`);
      return this.#accept(name, checked, initialState);
    });
  }

  async putConnector(
    name: string,
    config: RawConfig,
  ): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }> {
    return await this.#turns.run(name, async () => {
      const created = !this.#entries.has(name);
      return { created, info: this.#accept(name, await this.#check(name, config)) };
    });
  }

  async patchConnector(name: string, patch: RawConfig): Promise<ConnectorInfo> {
    return await this.#turns.run(name, async () => {
      const config = patchConfig(this.#entry(name).config, patch);
      return this.#accept(name, await this.#check(name, config));
    });
  }

  async deleteConnector(name: string): Promise<void> {
    this.#entry(name);
    await this.#change(name, 'deleting', async () => {
      this.#entry(name);
      await this.#options.worker.stopConnector(name);
      this.#entries.delete(name);
    });
  }

  async pauseConnector(name: string): Promise<void> {
    this.#setTarget(name, 'PAUSED');
  }

  async resumeConnector(name: string): Promise<void> {
    this.#setTarget(name, 'STARTED');
  }

  async stopConnector(name: string): Promise<void> {
    await this.#setTarget(name, 'STOPPED').applied;
  }

  async restartConnector(name: string, request: RestartRequest): Promise<ConnectorState> {
    const entry = this.#entryToRestart(name);
    const plan = planRestart(this.#state(entry), request);
    if (!plan.restartsConnector && plan.tasks.length === 0) return plan.state;
    const restarted = this.#change(name, 'restarting', async () => {
      const { worker } = this.#options;
      if (this.#entries.get(name) !== entry || entry.target === 'STOPPED') return;
      if (!this.#runs(name)) return await this.#apply(entry);
      if (plan.restartsConnector) await this.#failing(entry, () => worker.restartConnector(name));
      if (plan.tasks.length > 0) await worker.restartTasks(name, plan.tasks);
    });
    // What is restarted together is told at once, as Java does; a connector alone is waited for.
    if (request.includeTasks || request.onlyFailed) restarted.catch(() => undefined);
    else await restarted;
    return plan.state;
  }

  async restartTask({ connector, task }: TaskName): Promise<void> {
    const entry = this.#entryToRestart(connector);
    if (!this.#state(entry).tasks.some(({ id }) => id === task)) {
      throw new NotFoundError(`Unknown task: ${connector}-${task}`);
    }
    await this.#change(connector, 'restarting a task of', async () => {
      if (this.#runs(connector)) await this.#options.worker.restartTasks(connector, [task]);
    });
  }

  async offsets(name: string): Promise<readonly ConnectorOffset[]> {
    const entry = this.#entry(name);
    if (entry.type === 'sink') return await readSinkOffsets(this.#group(entry));
    const stored = await this.#options.offsets.readAll(name);
    return stored.filter(({ offset }) => offset !== null);
  }

  async alterOffsets(name: string, changes: readonly ConnectorOffset[]): Promise<string> {
    await this.#whileStopped(name, 'altering the offsets of', async (entry) => {
      const { worker, offsets } = this.#options;
      if (entry.type === 'sink') {
        const parsed = parseSinkOffsets(changes);
        await worker.alterOffsets(entry.resolved, parsed);
        await alterSinkOffsets(this.#group(entry), parsed);
        return;
      }
      await worker.alterOffsets(entry.resolved, changes);
      await offsets.write(name, changes);
    });
    return 'The offsets for this connector have been altered successfully';
  }

  async resetOffsets(name: string): Promise<string> {
    await this.#whileStopped(name, 'resetting the offsets of', async (entry) => {
      const { worker, offsets } = this.#options;
      const present = await this.offsets(name);
      const forgotten = present.map(({ partition }) => ({ partition, offset: null }));
      if (entry.type === 'sink') {
        await worker.alterOffsets(entry.resolved, parseSinkOffsets(forgotten));
        await resetSinkOffsets(this.#group(entry));
        return;
      }
      await worker.alterOffsets(entry.resolved, forgotten);
      if (forgotten.length > 0) await offsets.write(name, forgotten);
    });
    return 'The offsets for this connector have been reset successfully';
  }

  async topics(name: string): Promise<readonly string[]> {
    if (!this.#isEnabled('topic.tracking.enable')) throw forbidden('Topic tracking is disabled.');
    this.#keepTopics(name);
    return [...(this.#entries.get(name)?.topics ?? [])];
  }

  async resetTopics(name: string): Promise<void> {
    if (!this.#isEnabled('topic.tracking.enable')) throw forbidden('Topic tracking is disabled.');
    if (!this.#isEnabled('topic.tracking.allow.reset')) throw forbidden('Topic tracking reset is disabled.');
    if (this.#runs(name)) this.#options.worker.resetTopics(name);
    this.#entries.get(name)?.topics.clear();
  }

  async plugins(): Promise<readonly PluginInfo[]> {
    return pluginInfos(this.#options.worker.registry);
  }

  async pluginConfig(name: string, version?: string): Promise<readonly ConfigDefinitionJson[]> {
    return await pluginConfig(this.#options.worker.registry, name, version);
  }

  async validate(config: RawConfig): Promise<ConfigInfosJson> {
    return await validateConnector(this.#validation, await this.#resolve(config), config);
  }

  async loggers(): Promise<Readonly<Record<string, LoggerLevel>>> {
    return this.#loggers.all();
  }

  async setLogLevel(logger: string, level: string): Promise<readonly string[]> {
    return this.#loggers.set(logger, level);
  }

  /** Stops everything in good order. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.all([this.#options.worker.close(), this.#admin?.close()]);
      await this.#turns.settled();
    })();
    return this.#closing;
  }

  async #check(name: string, config: RawConfig): Promise<ConnectorConfig> {
    requireName(name, config);
    const infos = await this.#stages.during(`validating the configuration of connector ${name}`, () =>
      this.validate(config),
    );
    refuseInvalid(infos);
    return withoutNulls(config);
  }

  /** From here on the connector is what the user wants; it is brought there in the background. */
  #accept(name: string, config: ConnectorConfig, target?: TargetState): ConnectorInfo {
    const before = this.#entries.get(name);
    const { kind, reference } = connectorOf(this.#options.worker.registry, config);
    const entry: Entry = {
      name,
      config,
      target: target ?? before?.target ?? 'STARTED',
      type: kind === 'sink' ? 'sink' : 'source',
      version: reference.version,
      resolved: config,
      failure: undefined,
      topics: before?.topics ?? new Set(),
    };
    const info = before === undefined ? undefined : this.#info(entry);
    this.#entries.set(name, entry);
    this.#inBackground(name, 'starting', async () => {
      if (before !== undefined && entry.target !== 'STARTED') await this.#options.worker.stopConnector(name);
      await this.#apply(entry, { isNew: true });
    });
    return info ?? { name, config, tasks: [], type: entry.type };
  }

  #setTarget(name: string, target: TargetState): { readonly applied: Promise<void> } {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new NotFoundError(`Unknown connector ${name}`);
    entry.target = target;
    const applied = this.#change(name, verbs[target], async () => {
      if (this.#entries.get(name) === entry) await this.#apply(entry);
    });
    applied.catch(() => undefined);
    return { applied };
  }

  /** Brings a connector to the state that is wanted of it now. */
  async #apply(entry: Entry, { isNew = false } = {}): Promise<void> {
    const { worker } = this.#options;
    const { name, target } = entry;
    if (this.#entries.get(name) !== entry) return;
    if (target === 'STOPPED') {
      this.#keepTopics(name);
      await worker.stopConnector(name);
      entry.failure = undefined;
    } else if (target === 'PAUSED') {
      if (this.#runs(name)) await worker.pauseConnector(name);
    } else if (isNew || !this.#runs(name)) {
      this.#keepTopics(name);
      await this.#failing(entry, async () => {
        entry.resolved = withoutNulls(await this.#resolve(entry.config));
        await worker.startConnector(entry.resolved);
      });
      if (entry.failure !== undefined) await worker.stopConnector(name);
    } else {
      await worker.resumeConnector(name);
    }
  }

  /** A connector that cannot be started is FAILED, and stays in the list. */
  async #failing(entry: Entry, start: () => Promise<void>): Promise<void> {
    entry.failure = undefined;
    try {
      await start();
    } catch (error) {
      entry.failure = javaStackTrace(error);
    }
  }

  async #whileStopped(name: string, what: string, work: (entry: Entry) => Promise<void>): Promise<void> {
    this.#entry(name);
    await this.#change(name, what, async () => {
      const entry = this.#entry(name);
      if (entry.target !== 'STOPPED' || this.#runs(name)) {
        throw badRequest(
          `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
        );
      }
      entry.resolved = withoutNulls(await this.#resolve(entry.config));
      await work(entry);
    });
  }

  #change(name: string, what: string, work: () => Promise<void>): Promise<void> {
    return this.#turns.run(name, () => this.#stages.during(`${what} connector ${name}`, work));
  }

  #inBackground(name: string, what: string, work: () => Promise<void>): void {
    const { worker } = this.#options;
    this.#change(name, what, work).catch((error: unknown) => {
      const entry = this.#entries.get(name);
      // A worker that is closed has no connectors to speak of.
      if (entry !== undefined && this.#closing === undefined && !worker.connectors.includes(name)) {
        entry.failure = javaStackTrace(error);
      }
    });
  }

  #info({ name, config, type }: Entry): ConnectorInfo {
    return { name, config, tasks: this.#taskConfigs(name).map((_, task) => ({ connector: name, task })), type };
  }

  #state(entry: Entry): ConnectorState {
    const { name, type, version, target, failure } = entry;
    const { worker, workerId } = this.#options;
    const about = { worker_id: workerId, version };
    if (!this.#runs(name)) {
      const connector: StateInfo =
        failure === undefined
          ? { state: target === 'STARTED' ? 'UNASSIGNED' : target, ...about }
          : { state: 'FAILED', ...about, trace: failure };
      return { name, connector, tasks: [], type };
    }
    const { connector, tasks } = worker.status(name);
    const own = failure === undefined ? connector : { state: 'FAILED' as const, trace: failure };
    return {
      name,
      connector: { state: own.state, ...about, ...traceOf(own.trace) },
      tasks: tasks.map(({ id, state, trace }) => ({ id, state, ...about, ...traceOf(trace) })),
      type,
    };
  }

  #taskConfigs(name: string): readonly ConnectorConfig[] {
    return this.#runs(name) ? this.#options.worker.taskConfigs(name) : [];
  }

  #runs(name: string): boolean {
    return this.#options.worker.connectors.includes(name);
  }

  #keepTopics(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined || !this.#runs(name)) return;
    for (const topic of this.#options.worker.topics(name)) entry.topics.add(topic);
  }

  #group({ name, resolved }: Entry): SinkGroup {
    const { clients } = clientSettings({
      id: { connector: name, task: 0 },
      kind: 'sink',
      worker: this.#options.worker.properties,
      connector: resolved,
      deadLetters: false,
    });
    const groupId = resolved['consumer.override.group.id'] ?? defaultConsumerGroup(name);
    return { connector: name, groupId, settings: clients.admin };
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new NotFoundError(`Connector ${name} not found`);
    return entry;
  }

  #entryToRestart(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new NotFoundError(`Unknown connector: ${name}`);
    return entry;
  }

  #isEnabled(key: string): boolean {
    return this.#options.worker.properties[key]?.trim().toLowerCase() !== 'false';
  }

  async #resolve(config: RawConfig): Promise<RawConfig> {
    return (await this.#options.resolve?.(config)) ?? config;
  }
}

const verbs: Readonly<Record<TargetState, string>> = { STARTED: 'resuming', PAUSED: 'pausing', STOPPED: 'stopping' };

function requireName(name: string, config: RawConfig): void {
  if (config['name'] === name) return;
  throw badRequest(
    `Connector name configuration (${config['name']}) doesn't match connector name in the URL (${name})`,
  );
}

function traceOf(trace: string | undefined): { readonly trace?: string } {
  return trace === undefined ? {} : { trace };
}

function withoutNulls(config: RawConfig): ConnectorConfig {
  return Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== null));
}
