import { MillraceError } from '@millrace/api';
import { connectorInfos } from '../config/connector-infos.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import { Channel, type Handlers, type MessageEndpoint } from './channel.ts';
import { channelServices } from './channel-services.ts';
import {
  alterConnectorOffsets,
  connectorExactlyOnce,
  connectorTasks,
  connectorTransactionBoundaries,
  probeConnector,
  validateConnector,
} from './connector-calls.ts';
import { ConnectorWatch } from './connector-watch.ts';
import { HostLog } from './host-log.ts';
import type { ConnectorSpec, FromHost, Handle, ToHost } from './host-messages.ts';
import { HostTables } from './host-tables.ts';
import { type CreateTaskRunner, TaskRun } from './task-run.ts';

export interface HostServerOptions {
  readonly endpoint: MessageEndpoint;
  readonly createRunner: CreateTaskRunner;
  readonly serviceMs: number;
  readonly metricsMs: number;
  readonly tableBytes: number;
}

const watchStopMs = 5000;

/** The host's side: has the tasks and the watches, and answers what connectors are asked. */
export class HostServer {
  readonly #options: HostServerOptions;
  readonly #channel: Channel<FromHost, ToHost>;
  readonly #log: HostLog;
  readonly #tables: HostTables;
  readonly #tasks = new Map<Handle, TaskRun>();
  readonly #watches = new Map<Handle, ConnectorWatch>();
  readonly #metricsTimer: NodeJS.Timeout;

  constructor(options: HostServerOptions) {
    this.#options = options;
    this.#channel = new Channel(options.endpoint, this.#handlers());
    this.#log = new HostLog((line) => this.#channel.notify('log', line));
    this.#tables = new HostTables(options.tableBytes);
    this.#metricsTimer = setInterval(() => this.#tellMetrics(), options.metricsMs).unref();
  }

  /** Cancels everything. */
  close(): void {
    clearInterval(this.#metricsTimer);
    for (const task of this.#tasks.values()) task.cancel();
    for (const watch of this.#watches.values()) void watch.stop(0);
    this.#tasks.clear();
    this.#watches.clear();
    this.#channel.close(new MillraceError('The host was closed.', { code: 'HOST_CLOSED' }));
  }

  #handlers(): Handlers<ToHost> {
    return {
      ping: () => null,
      startTask: ({ handle, spec }) => this.#startTask(handle, spec),
      stopTask: ({ handle, deadlineMs }) => this.#stopTask(handle, deadlineMs),
      pauseTask: ({ handle }) => done(this.#tasks.get(handle)?.pause()),
      resumeTask: ({ handle }) => done(this.#tasks.get(handle)?.resume()),
      cancelTask: ({ handle }) => {
        const task = this.#tasks.get(handle);
        this.#tasks.delete(handle);
        return done(task?.cancel());
      },
      validate: validateConnector,
      infos: connectorInfos,
      probe: probeConnector,
      tasks: ({ connector, max }, signal) => connectorTasks(connector, max, signal),
      exactlyOnce: connectorExactlyOnce,
      transactionBoundaries: connectorTransactionBoundaries,
      alterOffsets: async ({ connector, changes }, signal) =>
        done(await alterConnectorOffsets(connector, changes, signal)),
      startWatch: ({ handle, connector }) => this.#startWatch(handle, connector),
      stopWatch: async ({ handle }) => {
        const watch = this.#watches.get(handle);
        this.#watches.delete(handle);
        return done(await watch?.stop(watchStopMs));
      },
      setLogLevels: (levels) => done(this.#log.setLevels(levels)),
    };
  }

  #startTask(handle: Handle, spec: TaskSpec): null {
    const { id, plugin } = spec;
    const log = this.#log.logger(plugin.className, { connector: id.connector, task: id.task });
    const task = new TaskRun({
      spec,
      createRunner: this.#options.createRunner,
      services: (signal) => this.#services(handle, `task ${id.connector}-${id.task}`, signal),
      log,
      tables: this.#tables.of(spec, log),
      statusChanged: (status) => this.#channel.notify('status', { handle, status }),
      topicUsed: (topic) => this.#channel.notify('topicUsed', { handle, topic }),
    });
    this.#tasks.set(handle, task);
    void task.ended.then(() => this.#tasks.delete(handle));
    return null;
  }

  async #stopTask(handle: Handle, deadlineMs: number): Promise<'stopped' | 'cancelled'> {
    const end = (await this.#tasks.get(handle)?.stop(deadlineMs)) ?? 'stopped';
    // One that has not ended even when it was cancelled is left to itself.
    this.#tasks.delete(handle);
    return end;
  }

  async #startWatch(handle: Handle, connector: ConnectorSpec): Promise<boolean> {
    const { name, plugin } = connector;
    const watch = new ConnectorWatch({
      connector,
      services: (signal) => this.#services(handle, `connector ${name}`, signal),
      log: this.#log.logger(plugin.className, { connector: name }),
    });
    this.#watches.set(handle, watch);
    try {
      const watches = await watch.start();
      if (!watches) this.#watches.delete(handle);
      return watches;
    } catch (error) {
      this.#watches.delete(handle);
      throw error;
    }
  }

  #services(handle: Handle, who: string, signal: AbortSignal): ReturnType<typeof channelServices> {
    return channelServices({
      channel: this.#channel,
      handle,
      who,
      milliseconds: this.#options.serviceMs,
      signal,
    });
  }

  #tellMetrics(): void {
    const snapshots = [...this.#tasks].flatMap(([handle, { metrics }]) =>
      metrics === undefined ? [] : [{ handle, metrics }],
    );
    if (snapshots.length > 0) this.#channel.notify('metrics', { snapshots });
  }
}

function done(_nothing: unknown): null {
  return null;
}
