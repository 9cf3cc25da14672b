import {
  type Api,
  type ApiLayout,
  errorCode,
  heartbeat,
  joinGroup,
  leaveGroup,
  type RequestInput,
  type Response,
  syncGroup,
} from '@millrace/protocol';
import { Cluster } from '../cluster/cluster.ts';
import { commitOffsets, fetchOffsets } from '../cluster/group-offsets.ts';
import { backoff, sleep, untilAborted } from '../cluster/waiting.ts';
import { asKafkaError, closedError, KafkaError, responseError } from '../errors.ts';
import type {
  CommittedOffset,
  Generation,
  GroupCallbacks,
  GroupMember,
  GroupMetadata,
  TopicPartition,
} from '../port.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { GroupSettings } from '../settings/read-settings.ts';

export interface GroupMemberOptions {
  readonly settings: GroupSettings;
  /** `consumer`, `connect`, …: all members of a group have the same. */
  readonly protocolType: string;
  readonly callbacks: GroupCallbacks;
  readonly log: KafkaLog;
  readonly cluster?: Cluster;
}

/** The group has gone on without this member. */
const lostCodes: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'SESSION_EXPIRED',
  'MAX_POLL_EXCEEDED',
]);
/** What the broker has on top of the rebalance timeout before a JoinGroup must be answered. */
const joinGraceMs = 5_000;

/**
 * {@link GroupMember}: one loop that joins, stays and joins again, and beside it heartbeats, from the moment an assignment is
 * there until the next JoinGroup is sent, so also while the callbacks run.
 */
export class KafkaGroupMember implements GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #settings: GroupSettings;
  readonly #cluster: Cluster;
  readonly #stopping = new AbortController();
  #memberId = '';
  #generation: Generation | undefined;
  #rejoinReason: string | undefined;
  #lost: KafkaError | undefined;
  #lastProgress = Date.now();
  #notify: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #started: PromiseWithResolvers<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#cluster = options.cluster ?? new Cluster(options.settings, options.log);
  }

  get generation(): Generation | undefined {
    return this.#generation;
  }

  get closing(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** What commits are made under. */
  get metadata(): GroupMetadata {
    return this.#metadataOf(this.#generation);
  }

  start(): Promise<void> {
    if (this.#started === undefined) {
      this.#started = Promise.withResolvers<void>();
      this.#started.promise.catch(() => undefined);
      this.#running = this.#run();
    }
    return this.#started.promise;
  }

  rejoin(reason: string): void {
    this.#rejoinReason ??= reason;
    this.#notify?.();
  }

  /** The work that was assigned can never be done: leaves, and ends with `failed`. */
  fail(error: KafkaError): void {
    this.#lost = error;
    this.#notify?.();
  }

  progress(): void {
    this.#lastProgress = Date.now();
  }

  /** All attempts are made under the generation of the call: under the next one the partitions may be somebody else's. */
  async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    const { groupId } = this.#settings;
    const generation = this.#generation;
    const metadata = this.#metadataOf(generation);
    await this.#cluster.retry(`Committing offsets of group ${groupId}`, async () => {
      if (generation === undefined) {
        throw new KafkaError('ILLEGAL_GENERATION', `This member is not part of group ${groupId} at the moment`);
      }
      if (generation !== this.#generation) {
        throw new KafkaError(
          'ILLEGAL_GENERATION',
          `Group ${groupId} has gone on since generation ${generation.generationId}, in which the commit was begun; ` +
            'who has the partitions now commits what comes next',
        );
      }
      try {
        await commitOffsets(this.#cluster, metadata, offsets);
      } catch (error) {
        throw isOfGoneTopic(error) ? new KafkaError(error.code, error.message, { cause: error }) : error;
      }
    });
  }

  committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]> {
    return fetchOffsets(this.#cluster, this.#settings.groupId, partitions);
  }

  #metadataOf(generation: Generation | undefined): GroupMetadata {
    const { groupId, instanceId = null } = this.#settings;
    const { generationId = -1, memberId = '' } = generation ?? {};
    return { groupId, generationId, memberId, instanceId };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopping.abort(closedError(`The member of group ${this.#settings.groupId}`));
    this.#notify?.();
    await this.#running;
    this.#started?.reject(closedError(`The member of group ${this.#settings.groupId}`));
    await this.#leave('the member was closed');
    if (this.#options.cluster === undefined) this.#cluster.close();
  }

  async #run(): Promise<void> {
    const { callbacks, log } = this.#options;
    const { groupId, retryBackoffMs, retryBackoffMaxMs } = this.#settings;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const generation = await this.#join();
        failures = 0;
        await this.#stay(generation);
      } catch (thrown) {
        if (signal.aborted) break;
        const error = asKafkaError(thrown);
        if (lostCodes.has(error.code)) {
          log('warn', `The member has lost its place in group ${groupId}: ${error.message}`);
          await this.#forget(error);
        } else if (error.retriable) {
          log('debug', `Joining group ${groupId} failed: ${error.message}`);
          await sleep(backoff(failures++, retryBackoffMs, retryBackoffMaxMs), signal).catch(() => undefined);
        } else {
          await this.#leave('the member has failed');
          await this.#forget(error);
          this.#started?.reject(error);
          this.#guard(() => callbacks.failed?.(error));
          return;
        }
      }
    }
    const generation = this.#generation;
    if (generation !== undefined && this.#lost === undefined) await this.#call(() => callbacks.revoking?.(generation));
  }

  /** Joins and shares out; without heartbeats, which the broker does not expect from a member that joins. */
  async #join(): Promise<Generation> {
    const { callbacks, protocolType } = this.#options;
    const settings = this.#settings;
    const groupInstanceId = settings.instanceId ?? null;
    const rebalanceTimeoutMs = this.#rebalanceTimeoutMs;
    this.#rejoinReason = undefined;
    const joined = await this.#request(
      joinGroup,
      (version) => ({
        groupId: settings.groupId,
        sessionTimeoutMs: settings.sessionTimeoutMs,
        rebalanceTimeoutMs,
        memberId: this.#memberId,
        protocolType,
        protocols: callbacks.protocols(),
        ...(version >= 5 ? { groupInstanceId } : {}),
      }),
      rebalanceTimeoutMs + joinGraceMs,
    );
    if (joined.errorCode === errorCode.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      return await this.#join();
    }
    this.#check(joined.errorCode, 'JoinGroup');
    this.#memberId = joined.memberId;
    const { generationId, memberId, leader: leaderId, protocolName } = joined;
    const protocol = protocolName ?? '';
    const isLeader = leaderId === memberId;
    const assignments =
      isLeader && !joined.skipAssignment
        ? await callbacks.assign(
            protocol,
            joined.members.map((member) => ({
              memberId: member.memberId,
              instanceId: member.groupInstanceId,
              metadata: member.metadata,
            })),
            leaderId,
          )
        : new Map<string, Uint8Array>();
    const synced = await this.#request(
      syncGroup,
      (version) => ({
        groupId: settings.groupId,
        generationId,
        memberId,
        ...(version >= 3 ? { groupInstanceId } : {}),
        protocolType,
        protocolName: protocol,
        assignments: [...assignments].map(([id, assignment]) => ({ memberId: id, assignment })),
      }),
      rebalanceTimeoutMs + joinGraceMs,
    );
    this.#check(synced.errorCode, 'SyncGroup');
    return { generationId, memberId, leaderId, isLeader, protocol, assignment: synced.assignment };
  }

  /** Keeps the generation alive until the group is to be joined again. Throws where it is lost. */
  async #stay(generation: Generation): Promise<void> {
    const { callbacks } = this.#options;
    this.#generation = generation;
    this.#lost = undefined;
    this.#lastProgress = Date.now();
    const over = new AbortController();
    const beating = this.#beat(generation, over.signal);
    try {
      await this.#call(() => callbacks.assigned(generation));
      this.#throwIfLost();
      this.#started?.resolve();
      await this.#untilRejoin();
      if (this.#stopping.signal.aborted) return;
      await this.#call(() => callbacks.revoking?.(generation));
      this.#throwIfLost();
    } finally {
      over.abort();
      await beating;
    }
  }

  async #untilRejoin(): Promise<void> {
    const { signal } = this.#stopping;
    const limit = this.#rebalanceTimeoutMs;
    while (!signal.aborted && this.#rejoinReason === undefined) {
      this.#throwIfLost();
      const idle = Date.now() - this.#lastProgress;
      if (idle >= limit) {
        throw new KafkaError('MAX_POLL_EXCEEDED', `no progress was made within max.poll.interval.ms (${limit})`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#notify = resolve;
      const timer = setTimeout(resolve, Math.min(limit - idle, 0x7fffffff));
      await promise;
      clearTimeout(timer);
    }
    this.#throwIfLost();
  }

  async #beat(generation: Generation, over: AbortSignal): Promise<void> {
    const { heartbeatIntervalMs, sessionTimeoutMs, groupId, instanceId, retryBackoffMs } = this.#settings;
    const { generationId, memberId } = generation;
    let lastAnswer = Date.now();
    let pause = heartbeatIntervalMs;
    for (;;) {
      try {
        await sleep(pause, over);
      } catch {
        return;
      }
      pause = heartbeatIntervalMs;
      try {
        const sent = this.#request(heartbeat, (version) => ({
          groupId,
          generationId,
          memberId,
          ...(version >= 3 ? { groupInstanceId: instanceId ?? null } : {}),
        }));
        const response = await untilAborted(sent, over);
        if (response.errorCode === errorCode.REBALANCE_IN_PROGRESS) this.rejoin('the group rebalances');
        else this.#check(response.errorCode, 'Heartbeat');
        lastAnswer = Date.now();
      } catch (thrown) {
        if (over.aborted) return;
        const error = asKafkaError(thrown);
        const silent = Date.now() - lastAnswer;
        if (!error.retriable) this.#lost = error;
        else if (silent > sessionTimeoutMs) {
          this.#lost = new KafkaError(
            'SESSION_EXPIRED',
            `the coordinator has not answered for ${silent} ms: ${error.message}`,
          );
        }
        this.#notify?.();
        if (this.#lost !== undefined) return;
        pause = Math.min(heartbeatIntervalMs, retryBackoffMs);
      }
    }
  }

  /** To the coordinator, on the connection that nothing else uses. */
  async #request<Layout extends ApiLayout>(
    api: Api<Layout>,
    request: (version: number) => RequestInput<Api<Layout>>,
    timeoutMs?: number,
  ): Promise<Response<Api<Layout>>> {
    const { groupId } = this.#settings;
    const options = { lane: 'membership', ...(timeoutMs === undefined ? {} : { timeoutMs }) } as const;
    // Codes are looked at by the caller; only what moves the coordinator is dealt with here.
    const moved = ({ errorCode: code }: { readonly errorCode: number }): number =>
      code === errorCode.NOT_COORDINATOR || code === errorCode.COORDINATOR_NOT_AVAILABLE ? code : errorCode.NONE;
    const sent = this.#cluster.coordinated(
      'group',
      groupId,
      api,
      request,
      (response) => moved(response as never),
      options,
    );
    return await untilAborted(sent, this.#stopping.signal);
  }

  #check(code: number, what: string): void {
    if (code === errorCode.NONE) return;
    const error = responseError(code, `${what} of group ${this.#settings.groupId}`);
    // A rebalance that begins while this one is not over yet, and a leader that is not there yet: simply join again.
    const again = code === errorCode.REBALANCE_IN_PROGRESS;
    throw again ? new KafkaError(error.code, error.message, { retriable: true }) : error;
  }

  #throwIfLost(): void {
    if (this.#lost !== undefined) throw this.#lost;
  }

  async #forget(error: KafkaError): Promise<void> {
    const had = this.#generation !== undefined;
    if (error.code === 'MAX_POLL_EXCEEDED') await this.#leave('max.poll.interval.ms was exceeded');
    // The group may still wait for this member: under a new name it would wait for itself.
    if (error.code !== 'ILLEGAL_GENERATION' && error.code !== 'SESSION_EXPIRED') this.#memberId = '';
    this.#generation = undefined;
    this.#lost = undefined;
    if (had) await this.#call(() => this.#options.callbacks.lost?.(error));
    if (error.code === 'MAX_POLL_EXCEEDED') await this.#untilProgress();
  }

  /** Who makes no progress stays outside: the work would only be taken from others in vain. */
  async #untilProgress(): Promise<void> {
    const since = this.#lastProgress;
    while (!this.#stopping.signal.aborted && this.#lastProgress === since) {
      await sleep(Math.min(100, this.#settings.heartbeatIntervalMs), this.#stopping.signal).catch(() => undefined);
    }
  }

  async #leave(reason: string): Promise<void> {
    const { groupId, instanceId } = this.#settings;
    const memberId = this.#memberId;
    if (memberId === '' || instanceId !== undefined) return;
    this.#memberId = '';
    try {
      await this.#cluster.coordinated(
        'group',
        groupId,
        leaveGroup,
        (version) => (version >= 3 ? { groupId, members: [{ memberId, reason }] } : { groupId, memberId, members: [] }),
        ({ errorCode: code }) => code,
        { timeoutMs: 5_000 },
      );
    } catch (error) {
      this.#options.log('debug', `Leaving group ${groupId} failed: ${asKafkaError(error).message}`);
    }
  }

  async #call(callback: () => Promise<void> | void): Promise<void> {
    try {
      await callback();
    } catch (error) {
      this.#options.log('error', `A callback of group ${this.#settings.groupId} threw: ${asKafkaError(error).message}`);
    }
  }

  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#options.log('error', `A callback of group ${this.#settings.groupId} threw: ${asKafkaError(error).message}`);
    }
  }

  get #rebalanceTimeoutMs(): number {
    return Math.min(this.#settings.rebalanceTimeoutMs ?? this.#settings.maxPollIntervalMs, 0x7fffffff - joinGraceMs);
  }
}

/** Tried again, the offset would in the end be committed for another topic of that name, and pass over its first records. */
function isOfGoneTopic(error: unknown): error is KafkaError {
  return KafkaError.isInstance(error) && error.code === 'UNKNOWN_TOPIC_OR_PARTITION';
}
