import { ConfigError, type ConfigInfosJson, NotFoundError, type TaskConfig } from '@millrace/api';
import type { Properties } from '../config/client-settings.ts';
import { parseSinkConnectorConfig, parseSourceConnectorConfig } from '../config/connector-config.ts';
import type { InfosRequest } from '../config/connector-infos.ts';
import type { HostOptions } from '../host/host.ts';
import { HostLog } from '../host/host-log.ts';
import type { LogLevels, LogLine, OffsetAlteration, TaskMetrics } from '../host/host-messages.ts';
import { HostPool } from '../host/host-pool.ts';
import { createInlineHost } from '../host/inline-host.ts';
import { createThreadHost, type ThreadHostOptions } from '../host/thread-host.ts';
import { layeredOffsetStore } from '../offsets/layered-offset-store.ts';
import type { OffsetStore } from '../offsets/offset-store.ts';
import { loadPluginRegistry, type PluginRegistry } from '../plugins/plugin-registry.ts';
import { ConnectorRun } from './connector-run.ts';
import type { RunStatus, TaskRunStatus } from './run-status.ts';
import type { ConnectorPlan } from './task-specs.ts';
import { readWorkerConfig, type WorkerConfig } from './worker-config.ts';

export interface WorkerOptions {
  /** By Java's names: `bootstrap.servers`, `group.id`, `key.converter`, `producer.…`, `offset.flush.interval.ms`, … */
  readonly properties: Properties;
  /** URLs of modules that export definitions; converters and transforms of Millrace are there already. Or all that there is. */
  readonly plugins: readonly string[] | PluginRegistry;
  /** `thread` when left out. */
  readonly hostKind?: 'inline' | 'thread' | undefined;
  /** Started by whoever made it; closed by the worker. */
  readonly offsets: OffsetStore;
  /** Makes and starts the store of a connector that has a topic of its own, `offsets.storage.topic`; left out: there are none. */
  readonly openOwnOffsets?: ((plan: ConnectorPlan) => Promise<OffsetStore>) | undefined;
  readonly log?: ((line: LogLine) => void) | undefined;
  readonly host?: Omit<ThreadHostOptions, 'log'> | undefined;
  /** Most hosts; one for each core when left out. */
  readonly hosts?: number | undefined;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly kind: 'source' | 'sink';
  readonly connector: RunStatus;
  readonly tasks: readonly TaskRunStatus[];
}

/** Loads the plugins, and begins with no connector. */
export async function createWorker(options: WorkerOptions): Promise<Worker> {
  return new Worker(options, await registryOf(options.plugins));
}

const callMs = 60_000;

async function registryOf(plugins: WorkerOptions['plugins']): Promise<PluginRegistry> {
  if ('plugins' in plugins) return plugins;
  const bundled = ['@millrace/converters/plugin', '@millrace/transforms/plugin'].map((name) =>
    import.meta.resolve(name),
  );
  return await loadPluginRegistry([...bundled, ...plugins]);
}

interface Entry {
  readonly plan: ConnectorPlan;
  readonly run: ConnectorRun;
}

/** Runs connectors and their tasks in hosts. It keeps no configuration: whoever drives it decides what runs. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #config: WorkerConfig;
  readonly #registry: PluginRegistry;
  readonly #pool: HostPool;
  readonly #log: (line: LogLine) => void;
  readonly #connectors = new Map<string, Entry>();
  /** What is done to a connector, one after the other. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Whose tasks are to be made anew, once it is their turn. */
  readonly #reconfiguring = new Set<string>();
  #closing: Promise<void> | undefined;

  constructor(options: WorkerOptions, registry: PluginRegistry) {
    this.#options = options;
    this.#registry = registry;
    this.#config = readWorkerConfig(options.properties);
    this.#log = options.log ?? (() => undefined);
    const host: HostOptions = { unresponsiveMs: this.#config.hostUnresponsiveMs, ...options.host, log: this.#log };
    const createHost = () => (options.hostKind === 'inline' ? createInlineHost(host) : createThreadHost(host));
    this.#pool = new HostPool({ createHost, size: options.hostKind === 'inline' ? 1 : options.hosts });
  }

  /**
   * Starts a connector with all of its tasks; one of that name that runs is stopped before.
   *
   * @throws ConfigError that names what is wrong with the configuration; then nothing was stopped or started.
   */
  async startConnector(raw: Properties): Promise<void> {
    const plan = this.#plan(raw);
    const { name } = plan;
    const shared = { worker: this.#config, pool: this.#pool, registry: this.#registry, log: this.#log };
    const run = new ConnectorRun({ plan, ...shared, openOffsets: () => this.#openOffsets(plan) });
    await this.#inTurn(name, async () => {
      await run.check();
      await this.#connectors.get(name)?.run.stop();
      this.#connectors.set(name, { plan, run });
      try {
        await run.start(() => this.#reconfigure(name));
      } catch (error) {
        this.#connectors.delete(name);
        throw error;
      }
    });
  }

  /** Begins the work beside a connector's tasks anew; its tasks go on, unless their configurations have changed. */
  restartConnector(name: string): Promise<void> {
    return this.#take(name, ({ run }) => run.restart(() => this.#reconfigure(name)));
  }

  get registry(): PluginRegistry {
    return this.#registry;
  }

  get properties(): Properties {
    return this.#options.properties;
  }

  /** Whether offsets are stored together with records, in transactions. */
  get exactlyOnce(): boolean {
    return this.#config.exactlyOnce;
  }

  /** What REST says about a configuration. */
  infos(request: InfosRequest): Promise<ConfigInfosJson> {
    return this.#pool.leastLoaded().infos(request, { deadlineMs: callMs });
  }

  /** @throws ConfigError when the connector does not take these offsets. */
  async alterOffsets(raw: Properties, changes: readonly OffsetAlteration[]): Promise<void> {
    const { name, kind, connector } = this.#plan(raw);
    const spec = { name, kind, plugin: connector.reference, config: raw };
    await this.#pool.leastLoaded().alterOffsets(spec, changes, { deadlineMs: callMs });
  }

  setLogLevels(levels: LogLevels): void {
    this.#pool.setLogLevels(levels);
  }

  get connectors(): readonly string[] {
    return [...this.#connectors.keys()];
  }

  /** @throws NotFoundError for a connector that was never started or was stopped. */
  status(name: string): ConnectorStatus {
    const { plan, run } = this.#entry(name);
    return { name, kind: plan.kind, connector: run.status, tasks: run.tasks };
  }

  metrics(name: string, task: number): TaskMetrics {
    return this.#entry(name).run.metrics(task);
  }

  /** The configurations of its tasks, as Kafka Connect stores them. Secrets in them are resolved. */
  taskConfigs(name: string): readonly TaskConfig[] {
    return this.#entry(name).run.taskConfigs;
  }

  /** Forgets the topics that its tasks have used so far. */
  resetTopics(name: string): void {
    this.#entry(name).run.topics.clear();
  }

  /** Topics that its tasks have used. */
  topics(name: string): readonly string[] {
    return [...this.#entry(name).run.topics];
  }

  pauseConnector(name: string): Promise<void> {
    return this.#take(name, async ({ run }) => run.pause());
  }

  resumeConnector(name: string): Promise<void> {
    return this.#take(name, async ({ run }) => run.resume());
  }

  /** Starts these tasks again; all of them when left out. */
  restartTasks(name: string, ids?: readonly number[]): Promise<void> {
    return this.#take(name, ({ run }) =>
      run.restartTasks(ids ?? run.tasks.map(({ id }) => id), () => this.#reconfigure(name)),
    );
  }

  /** Stops its tasks in good order, and cancels those that take too long. Nothing happens when it does not run. */
  stopConnector(name: string): Promise<void> {
    return this.#inTurn(name, async () => {
      await this.#connectors.get(name)?.run.stop();
      this.#connectors.delete(name);
    });
  }

  /** Stops everything. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.allSettled(this.connectors.map((name) => this.stopConnector(name)));
      await this.#pool.close();
      await this.#options.offsets.close();
    })();
    return this.#closing;
  }

  #plan(raw: Properties): ConnectorPlan {
    const wanted = { name: raw['connector.class']?.trim() ?? '', version: raw['connector.plugin.version'] };
    const connector = this.#registry.find(wanted, 'source', 'sink');
    const kind = connector.kind === 'source' ? 'source' : 'sink';
    const config = kind === 'source' ? parseSourceConnectorConfig(raw) : parseSinkConnectorConfig(raw);
    return { name: config.name, kind, connector, raw, config };
  }

  /** A connector's own offsets go before the worker's, which are read where it has none yet. */
  async #openOffsets(
    plan: ConnectorPlan,
  ): Promise<{ readonly store: OffsetStore; readonly close: () => Promise<void> }> {
    const { offsets, openOwnOffsets } = this.#options;
    const named = 'offsetsStorageTopic' in plan.config && plan.config.offsetsStorageTopic !== null;
    if (!named) return { store: offsets, close: async () => undefined };
    if (openOwnOffsets === undefined) {
      throw new ConfigError([
        { key: 'offsets.storage.topic', message: 'This worker keeps the offsets of all connectors in one place.' },
      ]);
    }
    const own = await openOwnOffsets(plan);
    const log = new HostLog(this.#log).logger(plan.connector.reference.className, { connector: plan.name });
    return { store: layeredOffsetStore(own, offsets, log), close: () => own.close() };
  }

  #reconfigure(name: string): void {
    if (!this.#connectors.has(name) || this.#reconfiguring.has(name)) return;
    this.#reconfiguring.add(name);
    this.#inTurn(name, async () => {
      this.#reconfiguring.delete(name);
      await this.#connectors.get(name)?.run.startTasks(() => this.#reconfigure(name));
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      const text = `The tasks of connector ${name} could not be made anew, and stay as they are: ${reason}`;
      this.#log({ level: 'error', message: text, fields: { connector: name } });
    });
  }

  #entry(name: string): Entry {
    const entry = this.#connectors.get(name);
    if (entry === undefined) throw new NotFoundError(`Connector ${name} does not run in this worker.`);
    return entry;
  }

  #take(name: string, work: (entry: Entry) => Promise<void>): Promise<void> {
    return this.#inTurn(name, () => work(this.#entry(name)));
  }

  #inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work);
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(name) === settled) this.#turns.delete(name);
      });
    this.#turns.set(name, settled);
    return turn;
  }
}
