import { join } from 'node:path';
import type { ServiceEnvironment } from './definition.ts';
import { ServiceError, usageError } from './errors.ts';
import { externalEnvironment } from './external.ts';
import { resolveOptions } from './options.ts';
import { allocatePorts, fixedPorts } from './ports.ts';
import { progress } from './progress.ts';
import { ServiceInstance } from './service-instance.ts';
import { definitionOf } from './services/catalog.ts';

/** What can be asked for. */
export interface StartRequest {
  readonly name: string;
  /** The service's options, and settings for its own configuration. */
  readonly options?: Readonly<Record<string, string>>;
  /** A private instance instead of the shared one. */
  readonly fresh?: boolean;
  /** What the shared instance and its folder are called; left out: other options are another instance. */
  readonly id?: string;
  /** The base port; left out: a free block. */
  readonly port?: number;
}

/** An instance as plain data. */
export interface InstanceSummary {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly env: ServiceEnvironment;
  readonly directory: string;
  readonly running: boolean;
}

interface Entry {
  readonly id: string;
  readonly instance: Promise<ServiceInstance>;
  /** Ids of the instances that this one was started against. */
  readonly uses: readonly string[];
  /** Set when the start succeeded. */
  ready?: ServiceInstance;
}

export type InstanceAction = 'restart' | 'kill9' | 'pause' | 'resume' | 'stop';

/** Owns instances: starts the shared ones on first need, and ends them all. */
export class ServiceHub {
  readonly #directory: string;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();
  #serial = 0;

  /** Instances live in folders below `directory`. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The instances that run, are being started, or were killed and not stopped. */
  get size(): number {
    return this.#entries.size;
  }

  /** The shared instance of that name and options, started on first need, or a private one. */
  async start(request: StartRequest): Promise<InstanceSummary> {
    if (this.#closing.signal.aborted) throw new ServiceError('SERVICE_FAILED', 'the services are being stopped');
    const { name, fresh = false, id = fresh ? `${name}-${++this.#serial}` : sharedId(request) } = request;
    const present = this.#entries.get(id);
    if (present !== undefined) {
      const instance = await present.instance;
      if (instance.isRunning) return summary(id, instance);
      // Somebody killed it and did not restart it.
      await this.#remove(present, true);
      return this.start(request);
    }
    // Registered before the first wait, so that two requests at once get one instance.
    const entry = this.#createEntry(id, request);
    this.#entries.set(id, entry);
    try {
      entry.ready = await entry.instance;
      return summary(id, entry.ready);
    } catch (error) {
      this.#forget(entry);
      throw error;
    }
  }

  /** Stopping what does not run does nothing. */
  async act(id: string, action: InstanceAction, process?: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (action === 'stop') return entry === undefined ? undefined : this.#remove(entry, false);
    if (entry === undefined) throw usageError(`${id} is not running`);
    await (await entry.instance)[action](process);
  }

  /** Without those that are still being started. */
  list(): InstanceSummary[] {
    return [...this.#entries.values()].flatMap(({ id, ready }) => (ready === undefined ? [] : [summary(id, ready)]));
  }

  /** Kills everything, also what is being started; nothing can be started any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#entries.values()].map((entry) => this.#remove(entry, true)));
  }

  #createEntry(id: string, request: StartRequest): Entry {
    const { name, port } = request;
    const directory = join(this.#directory, /^[\w-]+$/.test(id) ? id : `${name}-${++this.#serial}`);
    const definition = definitionOf(name);
    const { options, settings } = resolveOptions(name, definition, request.options ?? {});
    const needs = Object.entries(definition.needs ?? {}).flatMap(([option, service]) =>
      service !== undefined && options[option] === '' ? [{ option, service }] : [],
    );
    const launch = async () => {
      const complete = { ...options };
      for (const { option, service } of needs) complete[option] = await this.#sharedAddress(service);
      await definition.install();
      const offsets = definition.ports(complete);
      const ports = await (port === undefined ? allocatePorts(offsets) : fixedPorts(port, offsets));
      const began = performance.now();
      const { signal } = this.#closing;
      const instance = await ServiceInstance.start({
        name,
        definition,
        directory,
        ports,
        options: complete,
        settings,
        signal,
      });
      progress(
        `${id} is ready after ${((performance.now() - began) / 1000).toFixed(1)} s at ${withoutPassword(instance.address)}`,
      );
      return instance;
    };
    return { id, instance: launch(), uses: needs.map(({ service }) => service) };
  }

  /** A name is the id of its shared instance without options. */
  async #sharedAddress(name: string): Promise<string> {
    const { address } = definitionOf(name);
    return externalEnvironment(name)?.[address] ?? (await this.start({ name })).address;
  }

  /** What was started against the instance goes first. */
  async #remove(entry: Entry, force: boolean): Promise<void> {
    const users = [...this.#entries.values()].filter(({ uses }) => uses.includes(entry.id));
    await Promise.all(users.map((user) => this.#remove(user, force)));
    try {
      await (await entry.instance).stop({ force });
    } finally {
      this.#forget(entry);
    }
  }

  #forget(entry: Entry): void {
    if (this.#entries.get(entry.id) === entry) this.#entries.delete(entry.id);
  }
}

/** For messages. */
export const withoutPassword = (address: string): string => address.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1@');

function sharedId({ name, options = {} }: StartRequest): string {
  const given = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return [name, ...given.sort()].join(' ');
}

function summary(id: string, { name, address, env, directory, isRunning }: ServiceInstance): InstanceSummary {
  return { id, name, address, env, directory, running: isRunning };
}
