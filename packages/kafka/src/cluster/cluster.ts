import {
  type Api,
  type ApiLayout,
  describeErrorCode,
  errorCode,
  findCoordinator,
  metadata,
  type RequestInput,
  type Response,
} from '@millrace/protocol';
import { asKafkaError, closedError, KafkaError, networkError, responseError } from '../errors.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { BrokerAddress, ConnectionSettings } from '../settings/read-settings.ts';
import { BrokerConnection } from './broker-connection.ts';
import { MetadataCache, type PartitionMetadata, type TopicMetadata } from './metadata-cache.ts';
import { backoff, type RetryOptions, retrying, sleep, untilAborted } from './waiting.ts';

export type CoordinatorType = 'group' | 'transaction';

/** Requests that wait in the broker have a lane, that is a connection, of their own. */
export type Lane = 'main' | 'produce' | 'fetch' | 'seek' | 'membership';

export interface RequestOptions {
  readonly lane?: Lane;
  readonly timeoutMs?: number;
  /** Where a newer version that both sides speak would mean something else. */
  readonly maxVersion?: number;
}

/** A request, or what makes it for a version. */
export type RequestFor<Layout extends ApiLayout> =
  | RequestInput<Api<Layout>>
  | ((version: number) => RequestInput<Api<Layout>>);

interface Slot {
  connection: Promise<BrokerConnection>;
  open: BrokerConnection | undefined;
}

/** The brokers of a cluster as one client sees them: its connections, the metadata, the coordinators. */
export class Cluster {
  readonly settings: ConnectionSettings;
  readonly log: KafkaLog;
  readonly metadata: MetadataCache = new MetadataCache();
  readonly #closing = new AbortController();
  readonly #slots = new Map<string, Slot>();
  /** Those of the slots, and those that wait for their last answers. */
  readonly #connections = new Set<BrokerConnection>();
  readonly #failures = new Map<string, { count: number; retryAt: number }>();
  readonly #coordinators = new Map<string, number>();
  #refreshTimer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  /** Topics that the next refresh lets the broker create where they are gone. */
  readonly #wanted = new Set<string>();

  constructor(settings: ConnectionSettings, log: KafkaLog) {
    this.settings = settings;
    this.log = log;
  }

  /** Aborted when the client is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  get clusterId(): string | null {
    return this.metadata.clusterId;
  }

  /** A usable connection to that broker, opened if there is none. */
  async connection(node: number, lane: Lane = 'main'): Promise<BrokerConnection> {
    const address = this.metadata.brokers.get(node);
    if (address === undefined)
      throw new KafkaError('BROKER_NOT_AVAILABLE', `Broker ${node} is not known`, { retriable: true });
    return this.#open(`${lane}/${node}`, address);
  }

  /** Any broker: one that a connection is open to, or else the first that answers. */
  async anyConnection(): Promise<BrokerConnection> {
    for (const { open } of this.#slots.values()) if (open?.usable === true && open.inFlight === 0) return open;
    let failure: KafkaError | undefined;
    const known = [...this.metadata.brokers].map(([node, address]) => [`main/${node}`, address] as const);
    const bootstrap = this.settings.bootstrap.map(
      (address) => [`bootstrap/${address.host}:${address.port}`, address] as const,
    );
    for (const [key, address] of [...shuffled(known), ...shuffled(bootstrap)]) {
      try {
        return await this.#open(key, address);
      } catch (error) {
        if (this.signal.aborted) throw error;
        const problem = asKafkaError(error);
        if (failure === undefined || !problem.retriable) failure = problem;
        if (!problem.retriable) break;
      }
    }
    throw failure ?? networkError('no broker is known');
  }

  async request<Layout extends ApiLayout>(
    node: number | 'any' | 'controller',
    api: Api<Layout>,
    request: RequestFor<Layout>,
    options: RequestOptions = {},
  ): Promise<Response<Api<Layout>>> {
    const target = node === 'controller' ? await this.#controller() : node;
    const connection = target === 'any' ? await this.anyConnection() : await this.connection(target, options.lane);
    const newest = connection.requireVersion(api);
    const version = Math.min(newest, options.maxVersion ?? newest);
    const body = typeof request === 'function' ? request(version) : request;
    const sent = connection.send(api, body, {
      version,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    return await untilAborted(sent, this.signal);
  }

  /** Repeats what fails for the moment, until `default.api.timeout.ms`. */
  retry<Value>(
    what: string,
    attempt: (number: number) => Promise<Value>,
    options: Partial<RetryOptions> = {},
  ): Promise<Value> {
    const { retryBackoffMs, retryBackoffMaxMs, apiTimeoutMs } = this.settings;
    return retrying(
      {
        what,
        deadlineMs: apiTimeoutMs,
        signal: this.signal,
        pause: (number) => backoff(number, retryBackoffMs, retryBackoffMaxMs),
        ...options,
      },
      attempt,
    );
  }

  /** Which broker coordinates a group or a transactional id; remembered until {@link forgetCoordinator}. */
  async coordinator(type: CoordinatorType, key: string): Promise<number> {
    const known = this.#coordinators.get(`${type}/${key}`);
    if (known !== undefined && this.metadata.brokers.has(known)) return known;
    const found = await this.request('any', findCoordinator, {
      key,
      keyType: type === 'group' ? 0 : 1,
      coordinatorKeys: [],
    });
    if (found.errorCode !== errorCode.NONE)
      throw responseError(found.errorCode, `the coordinator of ${type} ${key}`, found.errorMessage);
    this.metadata.brokers.set(found.nodeId, { host: found.host, port: found.port });
    this.#coordinators.set(`${type}/${key}`, found.nodeId);
    return found.nodeId;
  }

  forgetCoordinator(type: CoordinatorType, key: string): void {
    this.#coordinators.delete(`${type}/${key}`);
  }

  /**
   * One request to a coordinator, which is looked up again where it has moved or cannot be reached. `errorOf` gives the
   * code that stands for the whole response.
   */
  async coordinated<Layout extends ApiLayout>(
    type: CoordinatorType,
    key: string,
    api: Api<Layout>,
    request: RequestFor<Layout>,
    errorOf: (response: Response<Api<Layout>>) => number,
    options: RequestOptions = {},
  ): Promise<Response<Api<Layout>>> {
    try {
      const node = await this.coordinator(type, key);
      const response = await this.request(node, api, request, options);
      const code = errorOf(response);
      if (code !== errorCode.NONE) throw responseError(code, `${api.name} for ${type} ${key}`);
      return response;
    } catch (error) {
      if (movesCoordinator(error)) this.forgetCoordinator(type, key);
      throw error;
    }
  }

  /** Metadata of one topic, asked for where it is not known. Throws a retriable error where it does not exist (yet). */
  async topic(name: string, options: { readonly create?: boolean } = {}): Promise<TopicMetadata> {
    const known = this.metadata.topics.get(name);
    if (known !== undefined && known.errorCode === errorCode.NONE) return known;
    await this.fetchMetadata([name], options.create ?? false);
    const found = this.metadata.topics.get(name);
    if (found === undefined) throw responseError(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `topic ${name}`);
    if (found.errorCode !== errorCode.NONE) throw responseError(found.errorCode, `topic ${name}`);
    return found;
  }

  /** The leader of a partition, from what is known. */
  leader(topic: string, partition: number): PartitionMetadata | undefined {
    const found = this.metadata.topics.get(topic)?.partitions.get(partition);
    return found !== undefined && found.leader >= 0 && this.metadata.brokers.has(found.leader) ? found : undefined;
  }

  /** Asks for these topics, or for all of them. */
  async fetchMetadata(topics: readonly string[] | null, create = false): Promise<void> {
    const response = await this.request('any', metadata, {
      topics: topics?.map((name) => ({ name })) ?? null,
      allowAutoTopicCreation: create,
    });
    this.metadata.update(response, topics);
    this.#refreshTimer ??= setInterval(() => this.#tidy(), this.settings.metadataMaxAgeMs).unref();
  }

  /**
   * Asks again for every topic in use; calls made meanwhile share it. The topic that is `wanted` may be created by the broker
   * where it is gone. Failures are logged: whoever needs it retries.
   */
  refresh(wanted?: string): Promise<void> {
    if (wanted !== undefined) this.#wanted.add(wanted);
    this.#refreshing ??= (async () => {
      try {
        await sleep(this.settings.retryBackoffMs, this.signal);
        const { topics } = this.metadata;
        const candidates = [...this.#wanted];
        this.#wanted.clear();
        await this.fetchMetadata([...topics.keys()]);
        const unknown = errorCode.UNKNOWN_TOPIC_OR_PARTITION;
        const gone = candidates.filter((name) => (topics.get(name)?.errorCode ?? unknown) === unknown);
        if (gone.length > 0) await this.fetchMetadata(gone, true);
      } catch (error) {
        if (!this.signal.aborted) this.log('debug', `Metadata could not be refreshed: ${asKafkaError(error).message}`);
      } finally {
        this.#refreshing = undefined;
      }
    })();
    return this.#refreshing;
  }

  /** Ends every connection. Calling it twice is harmless. */
  close(): void {
    if (this.signal.aborted) return;
    clearInterval(this.#refreshTimer);
    this.#closing.abort(closedError(`Kafka client ${this.settings.clientId}`));
    for (const connection of this.#connections) connection.close();
    this.#slots.clear();
  }

  #tidy(): void {
    for (const connection of this.#connections) if (connection.idle) connection.close();
    void this.refresh();
  }

  async #controller(): Promise<number> {
    if (this.metadata.controllerId < 0 || !this.metadata.brokers.has(this.metadata.controllerId))
      await this.fetchMetadata([]);
    return this.metadata.controllerId;
  }

  async #open(key: string, address: BrokerAddress): Promise<BrokerConnection> {
    if (this.signal.aborted) throw closedError(`Kafka client ${this.settings.clientId}`);
    const existing = this.#slots.get(key);
    if (existing !== undefined && (existing.open === undefined || existing.open.usable)) return existing.connection;
    const slot: Slot = { connection: this.#connect(key, address, existing?.open), open: undefined };
    this.#slots.set(key, slot);
    try {
      const connection = await slot.connection;
      slot.open = connection;
      if (this.signal.aborted) {
        connection.close();
        throw closedError(`Kafka client ${this.settings.clientId}`);
      }
      void connection.closed.then(() => this.#drop(key, slot));
      return connection;
    } catch (error) {
      this.#drop(key, slot);
      throw error;
    }
  }

  #drop(key: string, slot: Slot): void {
    if (this.#slots.get(key) === slot) this.#slots.delete(key);
  }

  /** What the earlier connection was asked is answered before anything goes over the new one: requests stay in order. */
  async #connect(
    key: string,
    address: BrokerAddress,
    earlierConnection: BrokerConnection | undefined,
  ): Promise<BrokerConnection> {
    const retired = earlierConnection?.retire();
    const place = `${address.host}:${address.port}`;
    const earlier = this.#failures.get(place);
    if (earlier !== undefined && earlier.retryAt > Date.now()) await sleep(earlier.retryAt - Date.now(), this.signal);
    try {
      const connection = await BrokerConnection.open({ address, settings: this.settings, log: this.log });
      this.#failures.delete(place);
      this.#connections.add(connection);
      void connection.closed.then(() => this.#connections.delete(connection));
      await retired;
      return connection;
    } catch (error) {
      const count = (earlier?.count ?? 0) + 1;
      const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.settings;
      this.#failures.set(place, {
        count,
        retryAt: Date.now() + backoff(count - 1, reconnectBackoffMs, reconnectBackoffMaxMs),
      });
      this.log('debug', `Connecting to ${place} (${key}) failed: ${asKafkaError(error).message}`);
      throw error;
    }
  }
}

/** Whether the coordinator has to be looked up again after this. */
function movesCoordinator(error: unknown): boolean {
  if (!KafkaError.isInstance(error)) return false;
  if (error.code === 'REQUEST_TIMED_OUT' || error.code === 'NETWORK_EXCEPTION' || error.code === 'BROKER_NOT_AVAILABLE')
    return true;
  const code = errorCode[error.code as keyof typeof errorCode];
  return (
    (code === errorCode.NOT_COORDINATOR || code === errorCode.COORDINATOR_NOT_AVAILABLE) &&
    describeErrorCode(code).refreshesMetadata
  );
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}
