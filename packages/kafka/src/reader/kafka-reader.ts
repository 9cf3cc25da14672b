import { describeErrorCode, errorCode, fetch, type Response } from '@millrace/protocol';
import { Cluster } from '../cluster/cluster.ts';
import { earliestTimestamp, findOffsets, latestTimestamp, requestOffsets } from '../cluster/list-offsets.ts';
import { abortReason, sleep } from '../cluster/waiting.ts';
import { asKafkaError, KafkaError, responseError } from '../errors.ts';
import type {
  FetchedRecords,
  PartitionReader,
  ReaderPartition,
  TopicPartition,
  TopicPartitionOffset,
} from '../port.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { IsolationLevel, ReaderSettings } from '../settings/read-settings.ts';
import { byTopic, partitionKey } from '../topic-partitions.ts';
import { FetchSession } from './fetch-session.ts';
import { PartitionState } from './partition-state.ts';

interface NodeFetcher {
  readonly session: FetchSession;
  /** Whether the loop of this broker runs, and whether it waits for an answer. */
  running: boolean;
  waiting: boolean;
  /** Partitions that cannot wait for the end of the long poll. */
  readonly urgent: Set<PartitionState>;
  hurrying: boolean;
}

type FetchedPartition = Response<typeof fetch>['responses'][number]['partitions'][number];

/**
 * {@link PartitionReader}: one fetch session and one loop per broker that leads something, over a connection of its own.
 * What changes while a long poll is under way (a seek, a resume, a buffer that was read) is fetched at once over a second one.
 */
export class KafkaReader implements PartitionReader {
  readonly #settings: ReaderSettings;
  readonly #cluster: Cluster;
  readonly #states = new Map<string, PartitionState>();
  readonly #fetchers = new Map<number, NodeFetcher>();
  /** Partitions with records for the caller. */
  readonly #ready = new Set<PartitionState>();
  /** Partitions without a broker or a position. */
  readonly #unresolved = new Set<PartitionState>();
  #resolving = false;
  /** What is buffered for partitions that are not paused. */
  #bufferedBytes = 0;
  /** What the answers to the requests that are under way may hold. */
  #requestedBytes = 0;
  #error: KafkaError | undefined;
  #wokenUp = false;
  #notify: (() => void) | undefined;
  #roomWaiters: (() => void)[] = [];

  constructor(options: { readonly settings: ReaderSettings; readonly log: KafkaLog; readonly cluster?: Cluster }) {
    this.#settings = options.settings;
    this.#cluster = options.cluster ?? new Cluster(options.settings, options.log);
  }

  get assignment(): readonly TopicPartition[] {
    return [...this.#states.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  assign(partitions: readonly ReaderPartition[]): void {
    const wanted = new Map(partitions.map((item) => [partitionKey(item.topic, item.partition), item]));
    for (const [key, state] of this.#states) {
      if (wanted.has(key)) continue;
      this.#states.delete(key);
      state.assigned = false;
      this.#move(state, undefined);
    }
    for (const [key, { topic, partition, offset, leaderEpoch }] of wanted) {
      let state = this.#states.get(key);
      if (state === undefined) {
        state = new PartitionState(topic, partition, {
          checkCrcs: this.#settings.checkCrcs,
          onConsumed: (consumed) => this.#consumed(consumed),
        });
        this.#states.set(key, state);
        this.#move(state, offset, leaderEpoch);
      } else if (offset !== undefined) {
        this.#move(state, offset, leaderEpoch);
      }
    }
  }

  seek(topic: string, partition: number, offset: number | 'earliest' | 'latest'): void {
    const state = this.#require(topic, partition);
    if (typeof offset === 'number') {
      this.#move(state, offset);
    } else {
      state.reset = offset;
      this.#move(state, undefined);
    }
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const state = this.#require(topic, partition);
      state.paused = true;
      this.#ready.delete(state);
      this.#count(state);
      this.#sync(state);
    }
    this.#releaseRoom();
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const state = this.#require(topic, partition);
      state.paused = false;
      this.#count(state);
      if (state.hasRecords) this.#becameReady(state);
      this.#sync(state);
    }
  }

  position(topic: string, partition: number): number | undefined {
    return this.#states.get(partitionKey(topic, partition))?.position;
  }

  async poll(timeoutMs: number): Promise<readonly FetchedRecords[]> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      if (this.#cluster.signal.aborted) throw abortReason(this.#cluster.signal);
      if (this.#error !== undefined) {
        const error = this.#error;
        this.#error = undefined;
        throw error;
      }
      if (this.#wokenUp) {
        this.#wokenUp = false;
        return [];
      }
      if (this.#ready.size > 0) return [...this.#ready];
      const left = end - Date.now();
      if (left <= 0) return [];
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#notify = resolve;
      const timer = setTimeout(resolve, Math.min(left, 0x7fffffff));
      await promise;
      clearTimeout(timer);
    }
  }

  wakeup(): void {
    this.#wokenUp = true;
    this.#notify?.();
  }

  async readToEnd(
    each: (records: FetchedRecords) => void,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { signal } = options;
    const onAbort = (): void => this.wakeup();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const ends = await this.endOffsets(this.assignment);
      const behind = ({ topic, partition, offset }: TopicPartitionOffset): boolean => {
        const position = this.#states.get(partitionKey(topic, partition))?.position;
        return offset > 0 && (position === undefined || position < offset);
      };
      while (ends.some(behind)) {
        for (const records of await this.poll(this.#settings.apiTimeoutMs)) each(records);
        if (signal?.aborted === true) throw abortReason(signal);
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  endOffsets(partitions: readonly TopicPartition[], isolation?: IsolationLevel): Promise<TopicPartitionOffset[]> {
    return findOffsets(this.#cluster, partitions, latestTimestamp, isolation ?? this.#settings.isolation);
  }

  beginningOffsets(partitions: readonly TopicPartition[]): Promise<TopicPartitionOffset[]> {
    return findOffsets(this.#cluster, partitions, earliestTimestamp, this.#settings.isolation);
  }

  async close(): Promise<void> {
    this.assign([]);
    this.#cluster.close();
    this.#notify?.();
    this.#releaseRoom();
  }

  #require(topic: string, partition: number): PartitionState {
    const state = this.#states.get(partitionKey(topic, partition));
    if (state !== undefined) return state;
    throw new KafkaError('NOT_ASSIGNED', `${partitionKey(topic, partition)} is not assigned to this reader`);
  }

  #move(state: PartitionState, offset: number | undefined, lastEpoch = -1): void {
    state.moveTo(offset, lastEpoch);
    this.#count(state);
    this.#ready.delete(state);
    if (!state.assigned) this.#unresolved.delete(state);
    this.#sync(state);
    this.#releaseRoom();
  }

  #consumed(state: PartitionState): void {
    this.#count(state);
    if (!state.hasRecords) this.#ready.delete(state);
    this.#sync(state);
    this.#releaseRoom();
  }

  /** Brings the session of its broker in line with what the partition needs now. */
  #sync(state: PartitionState): void {
    const resolved = state.position !== undefined && state.node !== undefined;
    if (state.assigned && !resolved) {
      this.#unresolved.add(state);
      void this.#resolve();
    }
    const fetcher = state.node === undefined ? undefined : this.#fetcher(state.node);
    if (fetcher === undefined) return;
    if (!resolved || !state.assigned || state.paused || state.bufferedBytes >= this.#settings.partitionMaxBytes) {
      fetcher.session.drop(state.topic, state.partition);
      fetcher.urgent.delete(state);
      return;
    }
    const { topic, partition, fetchOffset, leaderEpoch, lastEpoch } = state;
    fetcher.session.want({ topic, partition, fetchOffset, leaderEpoch, lastEpoch });
    if (fetcher.waiting) {
      fetcher.urgent.add(state);
      this.#hurry(state.node!, fetcher);
    } else if (!fetcher.running) {
      void this.#loop(state.node!, fetcher);
    }
  }

  #fetcher(node: number): NodeFetcher {
    let fetcher = this.#fetchers.get(node);
    if (fetcher === undefined) {
      fetcher = { session: new FetchSession(), running: false, waiting: false, urgent: new Set(), hurrying: false };
      this.#fetchers.set(node, fetcher);
    }
    return fetcher;
  }

  async #loop(node: number, fetcher: NodeFetcher): Promise<void> {
    const { session } = fetcher;
    const { signal } = this.#cluster;
    fetcher.running = true;
    // Whatever else is assigned in this turn goes into the first request.
    await Promise.resolve();
    while (!signal.aborted && session.size > 0) {
      const room = this.#room;
      if (room <= 0) {
        await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
        continue;
      }
      const request = session.next();
      fetcher.waiting = true;
      try {
        const response = await this.#request(node, 'fetch', request, room, this.#settings.fetchMaxWaitMs);
        fetcher.waiting = false;
        if (!session.answered(response.errorCode, response.sessionId)) {
          await sleep(this.#settings.retryBackoffMs, signal).catch(() => undefined);
          continue;
        }
        this.#take(response, (topic, partition) => session.requestedOffset(topic, partition));
      } catch (error) {
        fetcher.waiting = false;
        session.lost();
        if (!signal.aborted) await this.#unreachable(node, asKafkaError(error));
      } finally {
        this.#releaseRoom();
      }
    }
    fetcher.running = false;
  }

  /** Fetches without the session what was wanted after the long poll had begun. */
  #hurry(node: number, fetcher: NodeFetcher): void {
    if (fetcher.hurrying) return;
    fetcher.hurrying = true;
    setImmediate(() => {
      void (async () => {
        const states = [...fetcher.urgent];
        fetcher.urgent.clear();
        const requested = new Map(states.map(({ key, fetchOffset }) => [key, fetchOffset]));
        try {
          if (states.length === 0 || this.#cluster.signal.aborted) return;
          const request = { sessionId: 0, sessionEpoch: -1, partitions: states, forgotten: [] };
          // Where there is no room, one batch: the broker never gives less.
          const response = await this.#request(node, 'seek', request, Math.max(1, this.#room), 0);
          if (response.errorCode === errorCode.NONE) {
            this.#take(response, (topic, partition) => requested.get(partitionKey(topic, partition)));
          }
        } catch (error) {
          this.#cluster.log('debug', `Fetching at once failed: ${asKafkaError(error).message}`);
        } finally {
          fetcher.hurrying = false;
          this.#releaseRoom();
          if (fetcher.urgent.size > 0) this.#hurry(node, fetcher);
        }
      })();
    });
  }

  async #request(
    node: number,
    lane: 'fetch' | 'seek',
    request: ReturnType<FetchSession['next']>,
    maxBytes: number,
    maxWaitMs: number,
  ): Promise<Response<typeof fetch>> {
    const settings = this.#settings;
    this.#requestedBytes += maxBytes;
    const answer = this.#cluster.request(
      node,
      fetch,
      (version) => ({
        maxWaitMs,
        minBytes: settings.fetchMinBytes,
        maxBytes,
        isolationLevel: settings.isolation === 'read_committed' ? 1 : 0,
        sessionId: request.sessionId,
        sessionEpoch: request.sessionEpoch,
        topics: byTopic(request.partitions).map(([topic, entries]) => ({
          topic,
          partitions: entries.map(({ partition, fetchOffset, leaderEpoch, lastEpoch }) => ({
            partition,
            currentLeaderEpoch: leaderEpoch,
            fetchOffset,
            ...(version >= 12 ? { lastFetchedEpoch: lastEpoch } : {}),
            partitionMaxBytes: settings.partitionMaxBytes,
          })),
        })),
        forgottenTopicsData: byTopic(request.forgotten).map(([topic, entries]) => ({
          topic,
          partitions: entries.map(({ partition }) => partition),
        })),
        rackId: settings.rack,
      }),
      { lane, timeoutMs: settings.requestTimeoutMs + maxWaitMs },
    );
    try {
      return await answer;
    } finally {
      this.#requestedBytes -= maxBytes;
    }
  }

  #take(
    response: Response<typeof fetch>,
    requestedOffset: (topic: string, partition: number) => number | undefined,
  ): void {
    for (const { topic, partitions } of response.responses) {
      for (const fetched of partitions) {
        const state = this.#states.get(partitionKey(topic, fetched.partitionIndex));
        // It may have been moved while the request was under way.
        if (state === undefined || state.position === undefined) continue;
        if (requestedOffset(topic, fetched.partitionIndex) !== state.fetchOffset) continue;
        this.#takePartition(state, fetched);
      }
    }
  }

  #takePartition(state: PartitionState, fetched: FetchedPartition): void {
    const code = fetched.errorCode;
    if (code === errorCode.NONE) {
      if (fetched.divergingEpoch.endOffset >= 0) {
        this.#diverged(state, fetched.divergingEpoch);
        return;
      }
      if (fetched.preferredReadReplica >= 0) {
        this.#follow(state, fetched.preferredReadReplica);
        return;
      }
      // From time to time the leader says again who is near by.
      if (state.followerUntil !== undefined && Date.now() > state.followerUntil) this.#leave(state);
      const end = this.#settings.isolation === 'read_committed' ? fetched.lastStableOffset : fetched.highWatermark;
      const offset = state.fetchOffset;
      if (fetched.records !== null && fetched.records.length > 0)
        state.push(fetched.records, fetched.abortedTransactions, end);
      this.#count(state);
      if (state.fetchOffset === offset) return;
      if (!state.paused) this.#becameReady(state);
      this.#sync(state);
      return;
    }
    if (code === errorCode.OFFSET_OUT_OF_RANGE) {
      // A follower that lags behind: the leader knows.
      if (state.followerUntil !== undefined) {
        this.#leave(state);
        return;
      }
      if (this.#settings.offsetReset === 'none') {
        this.#raise(responseError(code, `${state.key} at offset ${state.fetchOffset} (auto.offset.reset is none)`));
        this.#leave(state);
        return;
      }
      this.#cluster.log(
        'info',
        `${state.key} has no offset ${state.fetchOffset}; it is reset to ${this.#settings.offsetReset}.`,
      );
      state.reset = 'policy';
      this.#move(state, undefined);
      return;
    }
    this.#leave(state);
    if (!describeErrorCode(code).retriable) this.#raise(responseError(code, `${state.key} cannot be fetched`));
  }

  /** The log has lost what was read: the leader of that time had it, and this one does not. As in Java. */
  #diverged(state: PartitionState, log: { readonly epoch: number; readonly endOffset: number }): void {
    const { key, fetchOffset, position = 0 } = state;
    const loss = `now it ends at ${log.endOffset}: an unclean election has lost records`;
    const what = `${key} was read up to offset ${fetchOffset}, and ${loss}`;
    if (this.#settings.offsetReset === 'none') {
      this.#raise(new KafkaError('LOG_TRUNCATED', `${what}; seek, for auto.offset.reset is none`));
      this.#leave(state);
      return;
    }
    this.#cluster.log('warn', `${what}. Reading goes on from there.`);
    if (position < log.endOffset) this.#move(state, position);
    else this.#move(state, log.endOffset, log.epoch);
  }

  /** Fetches from a follower near by, which the leader has named. */
  #follow(state: PartitionState, node: number): void {
    this.#leave(state);
    if (!this.#cluster.metadata.brokers.has(node)) return;
    state.node = node;
    state.followerUntil = Date.now() + this.#settings.metadataMaxAgeMs;
    this.#unresolved.delete(state);
    this.#sync(state);
  }

  /** The partition is no longer fetched from its broker; its leader is looked for again. */
  #leave(state: PartitionState): void {
    if (state.node !== undefined) this.#fetcher(state.node).session.drop(state.topic, state.partition);
    state.node = undefined;
    state.followerUntil = undefined;
    this.#sync(state);
  }

  async #unreachable(node: number, error: KafkaError): Promise<void> {
    if (!error.retriable) this.#raise(error);
    for (const state of this.#states.values()) if (state.node === node) this.#leave(state);
    await sleep(this.#settings.retryBackoffMs, this.#cluster.signal).catch(() => undefined);
  }

  #raise(error: KafkaError): void {
    this.#error = error;
    this.#notify?.();
  }

  #becameReady(state: PartitionState): void {
    this.#ready.add(state);
    this.#notify?.();
  }

  /** Paused partitions do not count: what they hold is bounded by `max.partition.fetch.bytes`, and nobody reads it. */
  #count(state: PartitionState): void {
    const bytes = state.paused ? 0 : state.bufferedBytes;
    this.#bufferedBytes += bytes - state.countedBytes;
    state.countedBytes = bytes;
  }

  /** What one more request may bring. The brokers share `fetch.max.bytes`: the long poll of one does not hold up another. */
  get #room(): number {
    const { fetchMaxBytes } = this.#settings;
    const share = Math.ceil(fetchMaxBytes / Math.max(1, this.#fetchers.size));
    return Math.min(share, fetchMaxBytes - this.#bufferedBytes - this.#requestedBytes);
  }

  #releaseRoom(): void {
    if (this.#room <= 0 && !this.#cluster.signal.aborted) return;
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const resolve of waiters) resolve();
  }

  /** Finds the leader of each partition that has none, and the offset of each one that has no position. */
  async #resolve(): Promise<void> {
    if (this.#resolving) return;
    this.#resolving = true;
    // Whatever else is assigned in this turn is looked up together.
    await Promise.resolve();
    const { signal } = this.#cluster;
    for (let first = true; this.#unresolved.size > 0 && !signal.aborted; first = false) {
      try {
        if (!first) await sleep(this.#settings.retryBackoffMs, signal);
        await this.#resolveOnce(first);
      } catch (thrown) {
        const error = asKafkaError(thrown);
        if (!error.retriable && !signal.aborted) {
          this.#raise(error);
          await sleep(this.#settings.retryBackoffMaxMs, signal).catch(() => undefined);
        }
      }
    }
    this.#resolving = false;
  }

  async #resolveOnce(first: boolean): Promise<void> {
    const lost = [...this.#unresolved].filter(({ node }) => node === undefined);
    const topics = [...new Set(lost.map(({ topic }) => topic))];
    const stale =
      first && topics.every((topic) => this.#cluster.metadata.topics.get(topic)?.errorCode === errorCode.NONE);
    if (topics.length > 0 && (!stale || lost.some(({ leaderEpoch }) => leaderEpoch >= 0))) {
      await this.#cluster.fetchMetadata(topics, this.#settings.allowAutoCreate);
    }
    for (const state of lost) {
      const leader = this.#cluster.leader(state.topic, state.partition);
      if (leader !== undefined) {
        state.node = leader.leader;
        state.leaderEpoch = leader.leaderEpoch;
      } else if (this.#cluster.metadata.topics.get(state.topic)?.errorCode === errorCode.TOPIC_AUTHORIZATION_FAILED) {
        throw responseError(errorCode.TOPIC_AUTHORIZATION_FAILED, `topic ${state.topic}`);
      }
    }
    await this.#findPositions(
      [...this.#unresolved].filter(({ node, position }) => node !== undefined && position === undefined),
    );
    for (const state of [...this.#unresolved]) {
      if (state.node === undefined || state.position === undefined) continue;
      this.#unresolved.delete(state);
      this.#sync(state);
    }
  }

  async #findPositions(states: readonly PartitionState[]): Promise<void> {
    const { offsetReset, isolation } = this.#settings;
    const wanted = states.flatMap((state) => {
      const reset = state.reset === 'policy' ? offsetReset : state.reset;
      if (reset === 'none') {
        this.#unresolved.delete(state);
        this.#raise(
          new KafkaError(
            'NO_OFFSET_FOR_PARTITION',
            `${state.key} has no offset to begin at, and auto.offset.reset is none`,
          ),
        );
        return [];
      }
      return [
        {
          state,
          topic: state.topic,
          partition: state.partition,
          timestamp: reset === 'earliest' ? earliestTimestamp : latestTimestamp,
        },
      ];
    });
    if (wanted.length === 0) return;
    const found = await requestOffsets(this.#cluster, wanted, isolation);
    const offsets = new Map(found.map(({ topic, partition, offset }) => [partitionKey(topic, partition), offset]));
    for (const { state } of wanted) {
      const offset = offsets.get(state.key);
      // A seek in the meantime goes first.
      if (offset === undefined || state.position !== undefined || !state.assigned) continue;
      state.reset = 'policy';
      state.moveTo(offset);
    }
  }
}
