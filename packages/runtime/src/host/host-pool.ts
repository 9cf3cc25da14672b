import { availableParallelism } from 'node:os';
import { MillraceError } from '@millrace/api';
import type { TaskSpec } from '../task/task-spec.ts';
import type { Host } from './host.ts';
import type { LogLevels } from './host-messages.ts';
import { tablesOf } from './host-tables.ts';

export interface HostPoolOptions {
  readonly createHost: () => Host;
  /** Most hosts at a time; one for each core when left out. */
  readonly size?: number | undefined;
}

/** The hosts of a worker. One is started when all others have work; a host that was lost is replaced. */
export class HostPool {
  readonly #options: HostPoolOptions;
  readonly #size: number;
  readonly #tableHosts = new Map<string, Host>();
  #hosts: Host[] = [];
  #closed = false;
  #logLevels: LogLevels | undefined;

  constructor(options: HostPoolOptions) {
    this.#options = options;
    this.#size = options.size ?? availableParallelism();
  }

  /** The host for that task: where a lookup table that it uses is already, else where there is least to do. */
  hostFor(spec: TaskSpec): Host {
    const tables = tablesOf(spec);
    this.#forgetIdleTables();
    const known = tables.map((table) => this.#tableHosts.get(table)).find((host) => host !== undefined);
    const host = known ?? this.leastLoaded();
    for (const table of tables) this.#tableHosts.set(table, host);
    return host;
  }

  /** For calls of connectors, and tasks that may run anywhere. */
  leastLoaded(): Host {
    if (this.#closed) throw new MillraceError('The worker is closed; it starts nothing more.', { code: 'CLOSED' });
    this.#hosts = this.#hosts.filter(({ failure }) => failure === undefined);
    const [least] = this.#hosts.toSorted((a, b) => a.taskCount - b.taskCount);
    if (least !== undefined && (least.taskCount === 0 || this.#hosts.length >= this.#size)) return least;
    const host = this.#options.createHost();
    if (this.#logLevels !== undefined) host.setLogLevels(this.#logLevels);
    this.#hosts.push(host);
    return host;
  }

  /** For the hosts that are there, and those to come. */
  setLogLevels(levels: LogLevels): void {
    this.#logLevels = levels;
    for (const host of this.#hosts) if (host.failure === undefined) host.setLogLevels(levels);
  }

  /** Every host that is there now. */
  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  /** Twice is harmless. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#tableHosts.clear();
    await Promise.all(this.#hosts.map((host) => host.close()));
  }

  #forgetIdleTables(): void {
    for (const [table, host] of this.#tableHosts) {
      if (host.failure !== undefined || host.taskCount === 0) this.#tableHosts.delete(table);
    }
  }
}
