import {
  type ConfigInfosJson,
  type ConfigProblem,
  errorFromWire,
  errorToWire,
  MillraceError,
  type TaskConfig,
  TimeoutError,
} from '@millrace/api';
import type { InfosRequest } from '../config/connector-infos.ts';
import { javaStackTrace } from '../errors/java-class-names.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import { Channel, type Handlers, type MessageEndpoint, type ParamsOf, type ResultOf } from './channel.ts';
import type { CallOptions, ConnectorOwner, Host, HostedTask, TaskOwner } from './host.ts';
import type { ConnectorSpec, FromHost, Handle, LogLevels, LogLine, OffsetAlteration, ToHost } from './host-messages.ts';

export interface HostClientOptions {
  readonly kind: Host['kind'];
  readonly endpoint: MessageEndpoint;
  readonly log: (line: LogLine) => void;
  readonly unresponsiveMs: number;
  /** Ends the host by force. Called once: when it does not answer any more, or is closed. */
  readonly terminate: () => Promise<void>;
}

/** How long the answer to a stop may come after its deadline. */
const answerMs = 1000;
const startMs = 30_000;
const secondChanceMs = 1000;
const longestTimer = 0x7fffffff;

/** The worker's side of a host. */
export class HostClient implements Host {
  readonly kind: Host['kind'];
  readonly #options: HostClientOptions;
  readonly #channel: Channel<ToHost, FromHost>;
  readonly #tasks = new Map<Handle, { readonly spec: TaskSpec; readonly owner: TaskOwner }>();
  readonly #watches = new Map<Handle, ConnectorOwner>();
  readonly #heartbeat: NodeJS.Timeout;
  #nextHandle: Handle = 0;
  #failure: Error | undefined;
  #checking = false;
  #closing: Promise<void> | undefined;

  constructor(options: HostClientOptions) {
    this.kind = options.kind;
    this.#options = options;
    this.#channel = new Channel(options.endpoint, this.#handlers());
    this.#heartbeat = setInterval(
      () => {
        if (this.#tasks.size > 0 || this.#watches.size > 0) void this.#checkAlive('');
      },
      Math.min(options.unresponsiveMs, longestTimer),
    ).unref();
  }

  get taskCount(): number {
    return this.#tasks.size;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  startTask(spec: TaskSpec, owner: TaskOwner): HostedTask {
    if (this.#failure !== undefined) throw this.#failure;
    const handle = this.#nextHandle++;
    this.#tasks.set(handle, { spec, owner });
    const { connector, task } = spec.id;
    const options = { deadlineMs: startMs };
    this.#ask('startTask', { handle, spec }, `task ${connector}-${task} to be accepted`, options).catch((error) =>
      this.#fail(handle, error),
    );
    const tell = (method: 'pauseTask' | 'resumeTask') => () => this.#channel.notify(method, { handle });
    return {
      pause: tell('pauseTask'),
      resume: tell('resumeTask'),
      stop: (deadlineMs) => this.#stopTask(handle, deadlineMs),
      cancel: () => {
        if (this.#tasks.delete(handle)) this.#channel.notify('cancelTask', { handle });
      },
    };
  }

  validate(connector: ConnectorSpec, options: CallOptions): Promise<readonly ConfigProblem[]> {
    return this.#ask('validate', connector, `connector ${connector.name} to validate its configuration`, options);
  }

  infos(request: InfosRequest, options: CallOptions): Promise<ConfigInfosJson> {
    return this.#ask('infos', request, `connector ${request.name} to look at its configuration`, options);
  }

  probe(connector: ConnectorSpec, options: CallOptions): Promise<readonly ConfigProblem[]> {
    return this.#ask('probe', connector, `connector ${connector.name} to reach its system`, options);
  }

  tasks(connector: ConnectorSpec, max: number, options: CallOptions): Promise<readonly TaskConfig[]> {
    return this.#ask('tasks', { connector, max }, `connector ${connector.name} to make its tasks`, options);
  }

  exactlyOnce(connector: ConnectorSpec, options: CallOptions): Promise<'supported' | 'unsupported'> {
    return this.#ask('exactlyOnce', connector, `connector ${connector.name} to say if it is exact`, options);
  }

  transactionBoundaries(connector: ConnectorSpec, options: CallOptions): Promise<boolean> {
    const what = `connector ${connector.name} to say if it defines transactions`;
    return this.#ask('transactionBoundaries', connector, what, options);
  }

  async alterOffsets(
    connector: ConnectorSpec,
    changes: readonly OffsetAlteration[],
    options: CallOptions,
  ): Promise<void> {
    await this.#ask('alterOffsets', { connector, changes }, `connector ${connector.name} to take offsets`, options);
  }

  async watch(
    connector: ConnectorSpec,
    owner: ConnectorOwner,
    options: CallOptions,
  ): Promise<((options: CallOptions) => Promise<void>) | undefined> {
    const handle = this.#nextHandle++;
    this.#watches.set(handle, owner);
    let watches = false;
    try {
      const what = `connector ${connector.name} to begin to watch`;
      watches = await this.#ask('startWatch', { handle, connector }, what, options);
    } finally {
      if (!watches) {
        this.#watches.delete(handle);
        this.#channel.notify('stopWatch', { handle });
      }
    }
    if (!watches) return undefined;
    return async (stopOptions) => {
      if (!this.#watches.delete(handle)) return;
      await this.#ask('stopWatch', { handle }, `the watch of connector ${connector.name} to end`, stopOptions);
    };
  }

  setLogLevels(levels: LogLevels): void {
    this.#channel.notify('setLogLevels', levels);
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#tasks.clear();
      this.#watches.clear();
      await this.#end(new MillraceError('The host was closed.', { code: 'HOST_CLOSED' }));
    })();
    return this.#closing;
  }

  /** The host has died: what it had is lost, and it takes nothing more. */
  lost(reason: Error): void {
    if (this.#failure !== undefined) return;
    const tasks = [...this.#tasks];
    const watches = [...this.#watches.values()];
    this.#tasks.clear();
    this.#watches.clear();
    // Whoever waits does not wait for the end of a host that nobody needs any more.
    this.#end(reason).catch(() => undefined);
    for (const [, { spec, owner }] of tasks) {
      const { connector, task } = spec.id;
      const error = new MillraceError(`Task ${connector}-${task} was lost: ${reason.message}`, {
        code: 'HOST_LOST',
        cause: reason,
      });
      owner.statusChanged({ state: 'failed', trace: javaStackTrace(error), error: errorToWire(error), lost: true });
    }
    for (const owner of watches) owner.raiseError(reason);
  }

  async #end(reason: Error): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    clearInterval(this.#heartbeat);
    this.#channel.close(reason);
    await this.#options.terminate();
  }

  async #stopTask(handle: Handle, deadlineMs: number): Promise<'stopped' | 'cancelled'> {
    const task = this.#tasks.get(handle);
    if (task === undefined) return 'stopped';
    const { connector, task: index } = task.spec.id;
    try {
      return await this.#ask('stopTask', { handle, deadlineMs }, `task ${connector}-${index} to stop`, {
        deadlineMs: deadlineMs + answerMs,
      });
    } catch {
      // It did not answer, or its host is gone: then the task is, too.
      return 'cancelled';
    } finally {
      this.#tasks.delete(handle);
    }
  }

  async #ask<K extends keyof ToHost>(
    method: K,
    params: ParamsOf<ToHost, K>,
    waitingFor: string,
    { deadlineMs, signal }: CallOptions,
  ): Promise<ResultOf<ToHost, K>> {
    try {
      const answer = this.#channel.request(method, params, { milliseconds: deadlineMs, waitingFor, signal });
      void this.#checkAlive('');
      return await answer;
    } catch (error) {
      if (TimeoutError.isInstance(error)) void this.#checkAlive(`it waited in vain for ${waitingFor}, and `);
      throw error;
    }
  }

  /** A plugin that waits too long harms itself; one that lets nobody else work is ended, with its host. */
  async #checkAlive(before: string): Promise<void> {
    if (this.#failure !== undefined || this.#checking) return;
    this.#checking = true;
    const { unresponsiveMs } = this.#options;
    // The second time is for a worker that was itself suspended: then the answer is there, behind the timer.
    const answers = (await this.#ping(unresponsiveMs)) || (await this.#ping(Math.min(unresponsiveMs, secondChanceMs)));
    this.#checking = false;
    if (answers) return;
    const text = `The host was ended, because a plugin blocked its thread: ${before}it was silent for ${unresponsiveMs} ms. A busy loop or a blocking call in that plugin has to be corrected.`;
    this.lost(new MillraceError(text, { code: 'HOST_UNRESPONSIVE' }));
  }

  async #ping(milliseconds: number): Promise<boolean> {
    try {
      await this.#channel.request('ping', null, { milliseconds, waitingFor: 'the host to say that it is there' });
      return true;
    } catch (error) {
      return !TimeoutError.isInstance(error);
    }
  }

  #fail(handle: Handle, cause: unknown): void {
    const task = this.#tasks.get(handle);
    if (task === undefined) return;
    this.#tasks.delete(handle);
    this.#channel.notify('cancelTask', { handle });
    task.owner.statusChanged({ state: 'failed', trace: javaStackTrace(cause), error: errorToWire(cause) });
  }

  #handlers(): Handlers<FromHost> {
    return {
      readOffsets: ({ handle, partitions }) => this.#connector(handle).readOffsets(partitions),
      writeOffsets: async ({ handle, entries }) => done(await this.#owner(handle).writeOffsets(entries)),
      offsetKeys: ({ handle, partitions }) => this.#owner(handle).offsetKeys(partitions),
      offsetsCommitted: async ({ handle, entries }) => done(await this.#owner(handle).offsetsCommitted(entries)),
      fenceEarlierTasks: async ({ handle }) => done(await this.#owner(handle).fenceEarlierTasks()),
      checkGeneration: async ({ handle }) => done(await this.#owner(handle).checkGeneration()),
      reconfigure: ({ handle }) => done(this.#connector(handle).reconfigure()),
      raiseError: ({ handle, error }) => done(this.#connector(handle).raiseError(errorFromWire(error))),
      topicUsed: ({ handle, topic }) => done(this.#owner(handle).topicUsed(topic)),
      status: ({ handle, status }) => {
        const owner = this.#owner(handle);
        if (status.state === 'stopped' || status.state === 'failed') this.#tasks.delete(handle);
        return done(owner.statusChanged(status));
      },
      metrics: ({ snapshots }) => {
        for (const { handle, metrics } of snapshots) this.#tasks.get(handle)?.owner.metrics(metrics);
        return null;
      },
      log: (line) => done(this.#options.log(line)),
    };
  }

  #owner(handle: Handle): TaskOwner {
    const task = this.#tasks.get(handle);
    if (task === undefined) throw new MillraceError('The task is over; nothing is stored for it.', { code: 'STOPPED' });
    return task.owner;
  }

  #connector(handle: Handle): ConnectorOwner {
    return this.#watches.get(handle) ?? this.#owner(handle);
  }
}

function done(_nothing: unknown): null {
  return null;
}
