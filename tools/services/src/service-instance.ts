import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessSpec, ServiceContext, ServiceDefinition, ServiceEnvironment } from './definition.ts';
import { ServiceError, usageError } from './errors.ts';
import type { PortBlock } from './ports.ts';
import { logTail, SupervisedProcess } from './supervised-process.ts';

const READY_TIMEOUT = 120_000;

export interface InstanceOptions {
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly directory: string;
  readonly ports: PortBlock;
  readonly options: Readonly<Record<string, string>>;
  readonly settings: ReadonlyMap<string, string>;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
}

/** A service that was started: its processes, ports and data. */
export class ServiceInstance {
  readonly name: string;
  readonly directory: string;
  readonly #definition: ServiceDefinition;
  readonly #ports: PortBlock;
  readonly #context: ServiceContext;
  readonly #abort: AbortSignal;
  readonly #processes = new Map<string, SupervisedProcess>();
  #specs: readonly ProcessSpec[] = [];
  #stopped: Promise<void> | undefined;

  private constructor({ name, definition, directory, ports, options, settings, signal }: InstanceOptions) {
    this.name = name;
    this.directory = directory;
    this.#definition = definition;
    this.#ports = ports;
    this.#abort = signal;
    const isRunning = (process: string) => this.#processes.get(process)?.isRunning ?? false;
    this.#context = { directory, port: ports.base, options, settings, isRunning };
  }

  /** Starts in an empty directory; resolves when the service is ready. On failure nothing is left but the directory. */
  static async start(options: InstanceOptions): Promise<ServiceInstance> {
    const { directory, definition } = options;
    const instance = new ServiceInstance(options);
    try {
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
      instance.#specs = await definition.prepare(instance.#context);
      await instance.#launch(instance.#specs);
      await definition.afterStart?.(instance.#context);
      return instance;
    } catch (error) {
      await instance.#end(true);
      throw error;
    }
  }

  get env(): ServiceEnvironment {
    return this.#definition.env(this.#context);
  }

  get address(): string {
    return this.env[this.#definition.address] ?? '';
  }

  get isRunning(): boolean {
    return this.#specs.every(({ name }) => this.#context.isRunning(name));
  }

  /** Stops what still runs and starts it again on the same data and ports; resolves when ready. */
  async restart(process?: string): Promise<void> {
    const specs = this.#select(process);
    await Promise.all(specs.map((spec) => this.#stopProcess(spec)));
    await this.#launch(specs);
  }

  /** SIGKILL; resolves when the processes are gone. The data stays for `restart`. */
  async kill9(process?: string): Promise<void> {
    await Promise.all(this.#select(process).map((spec) => this.#killProcess(spec)));
  }

  /** SIGSTOP: a service that hangs. */
  pause(process?: string): Promise<void> {
    return this.#signal(process, 'SIGSTOP');
  }

  resume(process?: string): Promise<void> {
    return this.#signal(process, 'SIGCONT');
  }

  /** Ends the processes (in order, or with SIGKILL) and removes the data. */
  stop({ force = false }: { readonly force?: boolean } = {}): Promise<void> {
    this.#stopped ??= this.#end(force).then(() => rm(this.directory, { recursive: true, force: true, maxRetries: 3 }));
    return this.#stopped;
  }

  async #end(force: boolean): Promise<void> {
    await Promise.all(this.#specs.map((spec) => (force ? this.#killProcess(spec) : this.#stopProcess(spec))));
    await this.#ports[Symbol.asyncDispose]();
  }

  async #signal(process: string | undefined, signal: NodeJS.Signals): Promise<void> {
    for (const { name } of this.#select(process)) await this.#processes.get(name)?.signal(signal);
  }

  async #killProcess({ name }: ProcessSpec): Promise<void> {
    await this.#processes.get(name)?.kill();
  }

  async #stopProcess({ name }: ProcessSpec): Promise<void> {
    const { stopSignal = 'SIGTERM', stopTimeout = 15_000 } = this.#definition;
    await this.#processes.get(name)?.stop(stopSignal, stopTimeout);
  }

  async #launch(specs: readonly ProcessSpec[]): Promise<void> {
    for (const spec of specs) this.#processes.set(spec.name, await SupervisedProcess.launch(spec, this.directory));
    const deadline = Date.now() + READY_TIMEOUT;
    while (!(await this.#isReady())) {
      if (this.#abort.aborted) throw new ServiceError('SERVICE_FAILED', `${this.name} was stopped while it started`);
      const ended = specs.find(({ name }) => !this.#context.isRunning(name));
      if (ended !== undefined) throw await this.#failure(ended, 'ended before it was ready');
      if (Date.now() > deadline) throw await this.#failure(specs[0]!, `was not ready after ${READY_TIMEOUT / 1000} s`);
      await sleep(50);
    }
  }

  async #isReady(): Promise<boolean> {
    try {
      return await this.#definition.ready(this.#context);
    } catch {
      return false;
    }
  }

  async #failure({ name }: ProcessSpec, what: string): Promise<ServiceError> {
    const process = name === this.name ? '' : ` (process ${name})`;
    const tail = await logTail(this.directory, name);
    return new ServiceError('SERVICE_FAILED', `${this.name}${process} ${what}; the end of its log:\n${tail}`);
  }

  #select(process: string | undefined): readonly ProcessSpec[] {
    const selected = this.#specs.filter(({ name }) => process === undefined || name === process);
    if (selected.length > 0) return selected;
    throw usageError(
      `${this.name} has no process ${process}; it has: ${this.#specs.map(({ name }) => name).join(', ')}`,
    );
  }
}
