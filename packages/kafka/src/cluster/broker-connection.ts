import {
  type Api,
  type ApiLayout,
  apiVersions,
  decodeResponse,
  encodeRequest,
  errorCode,
  FrameSplitter,
  PendingRequests,
  ProtocolError,
  type RequestInput,
  type Response,
} from '@millrace/protocol';
import { type KafkaError, KafkaError as KafkaErrorClass, networkError, timeoutError } from '../errors.ts';
import { type ApiVersionTable, openRawConnection, type RawConnection } from '../kafkajs/raw-connection.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { BrokerAddress, ConnectionSettings } from '../settings/read-settings.ts';
import { newestVersion } from './spoken-versions.ts';

export interface BrokerConnectionOptions {
  readonly address: BrokerAddress;
  readonly settings: ConnectionSettings;
  readonly log: KafkaLog;
}

const softwareName = 'millrace';
const softwareVersion = '1';

/** A connection to one broker on which requests are sent and answered in order, each with a deadline. */
export class BrokerConnection {
  /** Resolves with the reason when the connection is gone; never rejects. */
  readonly closed: Promise<KafkaError>;
  readonly #settings: ConnectionSettings;
  readonly #pending = new PendingRequests();
  readonly #splitter = new FrameSplitter({ maxFrameBytes: 0x7fffffff });
  readonly #settleClosed: (error: KafkaError) => void;
  #raw: RawConnection | undefined;
  #error: KafkaError | undefined;
  #versions: ApiVersionTable = {};
  #features: ReadonlyMap<string, number> = new Map();
  #expiresAt = Number.POSITIVE_INFINITY;
  #lastUsedAt = Date.now();
  #inFlight = 0;
  #retired = false;
  /** There while the broker wants silence. */
  #muted: PromiseWithResolvers<void> | undefined;
  #muteTimer: NodeJS.Timeout | undefined;
  #takesRaw: ((frame: Buffer) => void) | undefined;

  private constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    const { promise, resolve } = Promise.withResolvers<KafkaError>();
    this.closed = promise;
    this.#settleClosed = resolve;
  }

  /** Connects, learns what the broker speaks, and authenticates. */
  static async open(options: BrokerConnectionOptions): Promise<BrokerConnection> {
    const { settings, address } = options;
    const connection = new BrokerConnection(settings);
    const raw = await openRawConnection({
      ...address,
      clientId: settings.clientId,
      tls: settings.tls,
      sasl: settings.sasl,
      connectTimeoutMs: settings.connectTimeoutMs,
      log: options.log,
      onData: (bytes) => connection.#receive(bytes),
      onClose: (error) => connection.#fail(error),
    });
    connection.#raw = raw;
    try {
      await connection.#negotiate();
      if (settings.sasl !== undefined) {
        const lifetime = await raw.authenticate(connection.#versions, settings.requestTimeoutMs);
        // A broker hangs up on who goes on when a session has ended; a new connection takes over before that.
        if (lifetime > 0) connection.#expiresAt = Date.now() + lifetime * 0.85;
      }
    } catch (error) {
      raw.destroy();
      throw error;
    }
    return connection;
  }

  get address(): string {
    return this.#raw?.address ?? '';
  }

  /** Whether requests may still be sent. */
  get usable(): boolean {
    return this.#error === undefined && !this.#retired && Date.now() < this.#expiresAt && !this.idle;
  }

  /** Whether it was not used for `connections.max.idle.ms`: whatever lies on the way may have forgotten it by now. */
  get idle(): boolean {
    const { connectionsMaxIdleMs } = this.#settings;
    return this.#inFlight === 0 && connectionsMaxIdleMs >= 0 && Date.now() - this.#lastUsedAt > connectionsMaxIdleMs;
  }

  /** Requests that wait for their answer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The level of a cluster feature, 0 where the broker does not know it. */
  featureLevel(name: string): number {
    return this.#features.get(name) ?? 0;
  }

  /** The newest version that both sides speak; `undefined` where there is none. */
  version(api: Pick<Api, 'key' | 'name' | 'minVersion' | 'maxVersion'>): number | undefined {
    const spoken = this.#versions[api.key];
    if (spoken === undefined) return undefined;
    const version = Math.min(api.maxVersion, newestVersion[api.name] ?? api.maxVersion, spoken.maxVersion);
    return version < Math.max(api.minVersion, spoken.minVersion) ? undefined : version;
  }

  /** The same, where the caller cannot do without. */
  requireVersion(api: Pick<Api, 'key' | 'name' | 'minVersion' | 'maxVersion'>): number {
    const version = this.version(api);
    if (version !== undefined) return version;
    throw new KafkaErrorClass('UNSUPPORTED_VERSION', `The broker at ${this.address} does not support ${api.name}`);
  }

  async send<Layout extends ApiLayout>(
    api: Api<Layout>,
    request: RequestInput<Api<Layout>>,
    options: { readonly version?: number; readonly timeoutMs?: number } = {},
  ): Promise<Response<Api<Layout>>> {
    const raw = this.#raw;
    if (this.#error !== undefined || raw === undefined) throw this.#error ?? networkError('the connection is not open');
    const version = options.version ?? this.requireVersion(api);
    const timeoutMs = options.timeoutMs ?? this.#settings.requestTimeoutMs;
    this.#inFlight++;
    let timer: NodeJS.Timeout | undefined;
    try {
      if (this.#muted !== undefined) await this.#muted.promise;
      if (this.#error !== undefined) throw this.#error;
      const { correlationId, response } = this.#pending.add(api, version);
      timer = setTimeout(() => this.#fail(timeoutError(`${api.name} at ${this.address}`, timeoutMs)), timeoutMs);
      raw.write(encodeRequest(api, version, { correlationId, clientId: this.#settings.clientId }, request));
      const answer = await response;
      const { throttleTimeMs } = answer as { readonly throttleTimeMs?: number };
      if (throttleTimeMs !== undefined && throttleTimeMs > 0) this.#mute(throttleTimeMs);
      return answer;
    } catch (error) {
      // An answer that cannot be read, or a request that cannot be written: nothing is known about the stream any more.
      if (error instanceof ProtocolError) this.#fail(networkError(`${this.address}: ${error.message}`, error));
      throw error;
    } finally {
      clearTimeout(timer);
      this.#inFlight--;
      this.#lastUsedAt = Date.now();
      if (this.#retired && this.#inFlight === 0) this.close();
    }
  }

  /** For the one request that is not answered: Produce with acks=0. */
  sendUnanswered<Layout extends ApiLayout>(api: Api<Layout>, request: RequestInput<Api<Layout>>): void {
    if (this.#error !== undefined) throw this.#error;
    const header = { correlationId: 0x7fffffff, clientId: this.#settings.clientId };
    this.#raw?.write(encodeRequest(api, this.requireVersion(api), header, request));
  }

  /** Takes no more requests, and ends when the last one is answered. Resolves then. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#inFlight === 0) this.close();
    await this.closed;
  }

  /** Ends it at once; what waits for an answer is rejected. */
  close(): void {
    this.#fail(networkError(`the connection to ${this.address} was closed`));
  }

  #receive(bytes: Buffer): void {
    try {
      this.#splitter.push(bytes);
      for (let frame = this.#splitter.next(); frame !== null; frame = this.#splitter.next()) {
        if (this.#takesRaw !== undefined) this.#takesRaw(frame);
        else this.#pending.settle(frame);
      }
    } catch (error) {
      this.#fail(networkError(`${this.address} sent what is not Kafka's protocol`, error));
    }
  }

  #fail(error: KafkaError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#raw?.destroy();
    this.#pending.fail(error);
    this.#unmute();
    this.#settleClosed(error);
  }

  /** A quota is used up: the broker reads nothing for so long, and whatever was sent would only wait there (KIP-219). */
  #mute(milliseconds: number): void {
    if (this.#error !== undefined) return;
    this.#muted ??= Promise.withResolvers<void>();
    clearTimeout(this.#muteTimer);
    this.#muteTimer = setTimeout(() => this.#unmute(), milliseconds);
  }

  #unmute(): void {
    clearTimeout(this.#muteTimer);
    const muted = this.#muted;
    this.#muted = undefined;
    muted?.resolve();
  }

  /** A broker that does not know the version that is asked for answers in version 0. */
  async #negotiate(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<Response<typeof apiVersions>>();
    const version = 3;
    this.#takesRaw = (frame) => {
      this.#takesRaw = undefined;
      try {
        const unsupported = frame.length >= 6 && frame.readInt16BE(4) === errorCode.UNSUPPORTED_VERSION;
        resolve(decodeResponse(apiVersions, unsupported ? 0 : version, frame));
      } catch (error) {
        reject(error);
      }
    };
    const request = { clientSoftwareName: softwareName, clientSoftwareVersion: softwareVersion };
    this.#raw?.write(
      encodeRequest(apiVersions, version, { correlationId: 0, clientId: this.#settings.clientId }, request),
    );
    const timer = setTimeout(
      () => reject(timeoutError(`ApiVersions at ${this.address}`, this.#settings.requestTimeoutMs)),
      this.#settings.requestTimeoutMs,
    );
    let response: Response<typeof apiVersions>;
    try {
      response = await Promise.race([
        promise,
        this.closed.then((error) => {
          throw error;
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
    if (response.errorCode === errorCode.UNSUPPORTED_VERSION && response.apiKeys.length === 0) {
      throw new KafkaErrorClass('UNSUPPORTED_VERSION', `The broker at ${this.address} is too old: Kafka 2.4 is needed`);
    }
    this.#versions = Object.fromEntries(response.apiKeys.map((entry) => [entry.apiKey, entry]));
    this.#features = new Map(response.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]));
  }
}
