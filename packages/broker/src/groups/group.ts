import type { ErrorName } from '@millrace/protocol';
import type { Clock } from '../clock.ts';
import {
  copyProtocols,
  type GroupMember,
  memberFromSnapshot,
  memberToSnapshot,
  newMember,
  sameProtocols,
} from './group-member.ts';
import {
  type GroupDescription,
  type GroupSnapshot,
  type GroupState,
  type JoinAnswer,
  type JoinRequest,
  type MemberClaim,
  noBytes,
  type SyncAnswer,
  type SyncRequest,
} from './group-types.ts';

export interface GroupOptions {
  readonly clock: Clock;
  /** How long the first members of an empty group wait for more. */
  readonly initialRebalanceDelayMs: number;
  newMemberId(prefix: string): string;
  /** Remembers the group over a restart; whether that worked. */
  save(snapshot: GroupSnapshot): boolean;
}

/**
 * One group of the classic protocol, of any protocol type: who is in it, and how it agrees on a generation. It is the one
 * state machine that all group requests meet in, which is why it is this long. It does no I/O; requests that have to wait
 * are answered later through their promise, and time is that of the clock it was given.
 */
export class Group {
  readonly id: string;
  readonly #options: GroupOptions;
  readonly #members = new Map<string, GroupMember>();
  /** Member ids by instance id. */
  readonly #instances = new Map<string, string>();
  /** Ids that were given out and have not come back yet, with their timers. */
  readonly #pending = new Map<string, () => void>();
  #state: GroupState = 'Empty';
  #generation = 0;
  #protocolType = '';
  #protocolName: string | null = null;
  #leader: string | null = null;
  #cancelTimer: (() => void) | undefined;
  #initialDelay = false;

  constructor(id: string, options: GroupOptions) {
    this.id = id;
    this.#options = options;
  }

  get state(): GroupState {
    return this.#state;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#pending.size === 0;
  }

  /** Puts the group back as it was saved; its members have their whole session to come back. */
  restore(snapshot: GroupSnapshot): void {
    this.#generation = snapshot.generation;
    this.#protocolType = snapshot.protocolType;
    this.#protocolName = snapshot.protocolName;
    this.#leader = snapshot.leader;
    for (const saved of snapshot.members) {
      const member = memberFromSnapshot(saved);
      this.#add(member);
      this.#startSession(member);
    }
    this.#state = this.#members.size === 0 ? 'Empty' : 'Stable';
  }

  join(request: JoinRequest): JoinAnswer | Promise<JoinAnswer> {
    const { memberId, groupInstanceId } = request;
    if (!this.#supports(request)) return joinError('INCONSISTENT_GROUP_PROTOCOL', memberId);
    if (memberId === '') return this.#joinNew(request);
    if (this.#pending.has(memberId)) {
      if (groupInstanceId !== null) return joinError('UNKNOWN_MEMBER_ID', memberId);
      this.#forgetPending(memberId);
      return this.#joinAs(newMember(memberId, request));
    }
    const error = this.#claimError(request);
    if (error !== undefined) return joinError(error, memberId);
    const member = this.#members.get(memberId)!;
    const changed = !sameProtocols(member.protocols, request.protocols);
    const settled =
      (this.#state === 'CompletingRebalance' && !changed) ||
      (this.#state === 'Stable' && !changed && memberId !== this.#leader);
    if (settled) {
      this.#startSession(member);
      return this.#joined(member);
    }
    member.protocols = copyProtocols(request.protocols);
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
    return this.#park(member);
  }

  sync(request: SyncRequest): SyncAnswer | Promise<SyncAnswer> {
    const error =
      this.#claimError(request) ?? (request.generation === this.#generation ? undefined : 'ILLEGAL_GENERATION');
    if (error !== undefined) return syncError(error);
    if (
      (request.protocolType !== null && request.protocolType !== this.#protocolType) ||
      (request.protocolName !== null && request.protocolName !== this.#protocolName)
    ) {
      return syncError('INCONSISTENT_GROUP_PROTOCOL');
    }
    const member = this.#members.get(request.memberId)!;
    if (this.#state === 'PreparingRebalance') return syncError('REBALANCE_IN_PROGRESS');
    if (this.#state === 'Stable') {
      this.#startSession(member);
      return this.#synced(member);
    }
    const { promise, resolve } = Promise.withResolvers<SyncAnswer>();
    this.#stopSession(member);
    member.syncing?.(syncError('REBALANCE_IN_PROGRESS'));
    member.syncing = resolve;
    if (member.id === this.#leader) this.#assign(request);
    return promise;
  }

  heartbeat(claim: MemberClaim): ErrorName {
    const error = this.#claimError(claim);
    if (error !== undefined) return error;
    if (claim.generation !== this.#generation) return 'ILLEGAL_GENERATION';
    const member = this.#members.get(claim.memberId)!;
    if (member.joining === undefined && member.syncing === undefined) this.#startSession(member);
    return this.#state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE';
  }

  leave(claim: Omit<MemberClaim, 'generation'>): ErrorName {
    if (this.#pending.has(claim.memberId)) {
      this.#forgetPending(claim.memberId);
      this.#tryCompleteJoin();
      return 'NONE';
    }
    const known = claim.groupInstanceId === null ? undefined : this.#instances.get(claim.groupInstanceId);
    const memberId = claim.memberId === '' && known !== undefined ? known : claim.memberId;
    const error = this.#claimError({ ...claim, memberId });
    if (error !== undefined) return error;
    this.#depart(this.#members.get(memberId)!);
    return 'NONE';
  }

  /** What is wrong with an offset commit by that member; `undefined` when nothing is. */
  commitError(claim: MemberClaim, transactional: boolean): ErrorName | undefined {
    const anonymous = claim.generation < 0 && claim.memberId === '' && claim.groupInstanceId === null;
    if (anonymous && (transactional || this.#members.size === 0)) return undefined;
    if (claim.generation < 0 && this.#members.size === 0 && !transactional) return undefined;
    const error = this.#claimError(claim);
    if (error !== undefined) return error;
    if (claim.generation !== this.#generation) return 'ILLEGAL_GENERATION';
    if (this.#state === 'CompletingRebalance' && !transactional) return 'REBALANCE_IN_PROGRESS';
    const member = this.#members.get(claim.memberId)!;
    if (member.joining === undefined && member.syncing === undefined) this.#startSession(member);
    return undefined;
  }

  describe(): GroupDescription {
    const stable = this.#state === 'Stable';
    return {
      state: this.#state,
      protocolType: this.#protocolType,
      protocolName: stable ? (this.#protocolName ?? '') : '',
      members: [...this.#members.values()].map((member) => ({
        memberId: member.id,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        metadata: stable ? this.#metadataOf(member) : noBytes,
        assignment: stable ? member.assignment : noBytes,
      })),
    };
  }

  /** Metadata of all members for the protocol in force, for who wants to know what they subscribe to. */
  subscriptions(): Uint8Array[] {
    return [...this.#members.values()].map((member) => this.#metadataOf(member));
  }

  /** Ends all timers and answers all that wait. */
  close(): void {
    this.#state = 'Dead';
    this.#stopTimer();
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
    for (const member of this.#members.values()) {
      this.#stopSession(member);
      this.#answerJoin(member, joinError('COORDINATOR_NOT_AVAILABLE', member.id));
      this.#answerSync(member, syncError('COORDINATOR_NOT_AVAILABLE'));
    }
  }

  #joinNew(request: JoinRequest): JoinAnswer | Promise<JoinAnswer> {
    const { groupInstanceId } = request;
    const memberId = this.#options.newMemberId(groupInstanceId ?? request.clientId);
    if (groupInstanceId !== null) {
      const former = this.#instances.get(groupInstanceId);
      if (former !== undefined)
        return this.#replaceStatic(this.#members.get(former)!, newMember(memberId, request), request);
      return this.#joinAs(newMember(memberId, request));
    }
    if (!request.requireMemberId) return this.#joinAs(newMember(memberId, request));
    const expire = (): void => {
      this.#pending.delete(memberId);
      this.#tryCompleteJoin();
    };
    this.#pending.set(memberId, this.#options.clock.schedule(request.sessionTimeoutMs, expire));
    return joinError('MEMBER_ID_REQUIRED', memberId);
  }

  #joinAs(member: GroupMember): Promise<JoinAnswer> {
    this.#add(member);
    return this.#park(member);
  }

  /** A static member has come back without its member id: it takes its former place, without a rebalance if nothing changes. */
  #replaceStatic(former: GroupMember, member: GroupMember, request: JoinRequest): JoinAnswer | Promise<JoinAnswer> {
    const { id: formerId } = former;
    const protocolBefore = this.#protocolName;
    this.#stopSession(former);
    this.#answerJoin(former, joinError('FENCED_INSTANCE_ID', formerId));
    this.#answerSync(former, syncError('FENCED_INSTANCE_ID'));
    this.#members.delete(formerId);
    const wasLeader = this.#leader === formerId;
    member.assignment = former.assignment;
    this.#add(member);
    if (wasLeader) this.#leader = member.id;
    const unchanged = sameProtocols(former.protocols, member.protocols) || this.#vote() === protocolBefore;
    if (this.#state !== 'Stable' || !unchanged) return this.#park(member);
    if (!this.#options.save(this.#snapshot())) return joinError('COORDINATOR_NOT_AVAILABLE', member.id);
    this.#startSession(member);
    if (!wasLeader) return this.#joined(member);
    // Without skipAssignment, naming another leader keeps the member from assigning anew.
    return request.canSkipAssignment
      ? { ...this.#joined(member), skipAssignment: true }
      : { ...this.#joined(member), leader: formerId, members: [] };
  }

  /** Lets the member wait for the next generation, which begins to form now if it did not before. */
  #park(member: GroupMember): Promise<JoinAnswer> {
    const { promise, resolve } = Promise.withResolvers<JoinAnswer>();
    this.#stopSession(member);
    this.#answerJoin(member, joinError('REBALANCE_IN_PROGRESS', member.id));
    member.joining = resolve;
    if (this.#state === 'PreparingRebalance') this.#tryCompleteJoin();
    else this.#prepareRebalance();
    return promise;
  }

  #prepareRebalance(): void {
    const wasEmpty = this.#state === 'Empty';
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.#members.values()) {
        if (member.syncing === undefined) continue;
        this.#answerSync(member, syncError('REBALANCE_IN_PROGRESS'));
        this.#startSession(member);
      }
    }
    this.#state = 'PreparingRebalance';
    const delay = this.#options.initialRebalanceDelayMs;
    this.#initialDelay = wasEmpty && delay > 0;
    if (this.#initialDelay) {
      this.#startTimer(delay, () => {
        this.#initialDelay = false;
        this.#startTimer(this.#rebalanceTimeout(), () => this.#completeJoin());
        this.#tryCompleteJoin();
      });
      return;
    }
    this.#startTimer(this.#rebalanceTimeout(), () => this.#completeJoin());
    this.#tryCompleteJoin();
  }

  #tryCompleteJoin(): void {
    if (this.#state !== 'PreparingRebalance' || this.#initialDelay || this.#pending.size > 0) return;
    for (const member of this.#members.values()) if (member.joining === undefined) return;
    this.#completeJoin();
  }

  /** Begins the next generation with those who came. */
  #completeJoin(): void {
    for (const member of [...this.#members.values()]) {
      if (member.joining === undefined && member.groupInstanceId === null) this.#remove(member);
    }
    const joined = [...this.#members.values()].filter(({ joining }) => joining !== undefined);
    if (joined.length === 0 && this.#members.size > 0) {
      this.#startTimer(this.#rebalanceTimeout(), () => this.#completeJoin());
      return;
    }
    this.#stopTimer();
    this.#generation++;
    const first = joined[0];
    if (first === undefined) {
      this.#state = 'Empty';
      this.#leader = null;
      this.#protocolName = null;
      this.#options.save(this.#snapshot());
      return;
    }
    if (this.#leader === null || this.#members.get(this.#leader)?.joining === undefined) this.#leader = first.id;
    this.#protocolName = this.#vote();
    this.#state = 'CompletingRebalance';
    this.#startTimer(this.#rebalanceTimeout(), () => this.#expireSync());
    for (const member of joined) {
      this.#startSession(member);
      this.#answerJoin(member, this.#joined(member));
    }
  }

  /** Who has joined, but not asked for its assignment in time, is gone. */
  #expireSync(): void {
    for (const member of [...this.#members.values()]) if (member.syncing === undefined) this.#remove(member);
    this.#prepareRebalance();
  }

  #assign({ assignments }: SyncRequest): void {
    const given = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
    for (const member of this.#members.values()) member.assignment = Uint8Array.from(given.get(member.id) ?? noBytes);
    if (!this.#options.save(this.#snapshot())) {
      for (const member of this.#members.values()) this.#answerSync(member, syncError('COORDINATOR_NOT_AVAILABLE'));
      this.#prepareRebalance();
      return;
    }
    this.#stopTimer();
    this.#state = 'Stable';
    for (const member of this.#members.values()) {
      if (member.syncing === undefined) continue;
      this.#startSession(member);
      this.#answerSync(member, this.#synced(member));
    }
  }

  /** Removes a member, and lets the others agree anew. */
  #depart(member: GroupMember): void {
    this.#remove(member);
    if (this.#state === 'PreparingRebalance') this.#tryCompleteJoin();
    else if (this.#state !== 'Empty' && this.#state !== 'Dead') this.#prepareRebalance();
  }

  #remove(member: GroupMember): void {
    this.#stopSession(member);
    this.#members.delete(member.id);
    if (member.groupInstanceId !== null) this.#instances.delete(member.groupInstanceId);
    if (this.#leader === member.id) this.#leader = this.#members.keys().next().value ?? null;
    this.#answerJoin(member, joinError('UNKNOWN_MEMBER_ID', member.id));
    this.#answerSync(member, syncError('UNKNOWN_MEMBER_ID'));
  }

  #add(member: GroupMember): void {
    this.#members.set(member.id, member);
    if (member.groupInstanceId !== null) this.#instances.set(member.groupInstanceId, member.id);
    this.#leader ??= member.id;
  }

  #claimError({ memberId, groupInstanceId }: Omit<MemberClaim, 'generation'>): ErrorName | undefined {
    if (groupInstanceId !== null) {
      const known = this.#instances.get(groupInstanceId);
      if (known === undefined) return 'UNKNOWN_MEMBER_ID';
      return known === memberId ? undefined : 'FENCED_INSTANCE_ID';
    }
    return this.#members.has(memberId) ? undefined : 'UNKNOWN_MEMBER_ID';
  }

  /** Whether the member has a protocol in common with all others. */
  #supports(request: JoinRequest): boolean {
    const names = request.protocols.map(({ name }) => name);
    if (names.length === 0 || request.protocolType === '') return false;
    const former = request.groupInstanceId === null ? undefined : this.#instances.get(request.groupInstanceId);
    const others = [...this.#members.values()].filter(({ id }) => id !== request.memberId && id !== former);
    if (this.#members.size === 0 || others.length === 0) {
      if (this.#members.size > 0 && request.protocolType !== this.#protocolType) return false;
      this.#protocolType = request.protocolType;
      return true;
    }
    if (request.protocolType !== this.#protocolType) return false;
    return names.some((name) => others.every(({ protocols }) => protocols.some((protocol) => protocol.name === name)));
  }

  /** The protocol that most members like best, of those that all have. */
  #vote(): string | null {
    const members = [...this.#members.values()];
    const isCommon = ({ name }: { readonly name: string }): boolean =>
      members.every(({ protocols }) => protocols.some((protocol) => protocol.name === name));
    const votes = new Map<string, number>();
    for (const { protocols } of members) {
      const choice = protocols.find(isCommon)?.name;
      if (choice !== undefined) votes.set(choice, (votes.get(choice) ?? 0) + 1);
    }
    let winner: string | null = null;
    for (const [name, count] of votes) if (winner === null || count > votes.get(winner)!) winner = name;
    return winner;
  }

  #metadataOf(member: GroupMember): Uint8Array {
    return member.protocols.find(({ name }) => name === this.#protocolName)?.metadata ?? noBytes;
  }

  #joined(member: GroupMember): JoinAnswer {
    const isLeader = member.id === this.#leader;
    return {
      error: 'NONE',
      generation: this.#generation,
      protocolType: this.#protocolType,
      protocolName: this.#protocolName,
      leader: this.#leader ?? '',
      skipAssignment: false,
      memberId: member.id,
      members: isLeader
        ? [...this.#members.values()].map((other) => ({
            memberId: other.id,
            groupInstanceId: other.groupInstanceId,
            metadata: this.#metadataOf(other),
          }))
        : [],
    };
  }

  #synced({ assignment }: GroupMember): SyncAnswer {
    return { error: 'NONE', protocolType: this.#protocolType, protocolName: this.#protocolName, assignment };
  }

  #snapshot(): GroupSnapshot {
    return {
      generation: this.#generation,
      protocolType: this.#protocolType,
      protocolName: this.#protocolName,
      leader: this.#leader,
      members: [...this.#members.values()].map(memberToSnapshot),
    };
  }

  #answerJoin(member: GroupMember, answer: JoinAnswer): void {
    const { joining } = member;
    member.joining = undefined;
    joining?.(answer);
  }

  #answerSync(member: GroupMember, answer: SyncAnswer): void {
    const { syncing } = member;
    member.syncing = undefined;
    syncing?.(answer);
  }

  #startSession(member: GroupMember): void {
    this.#stopSession(member);
    member.cancelSession = this.#options.clock.schedule(member.sessionTimeoutMs, () => this.#depart(member));
  }

  #stopSession(member: GroupMember): void {
    member.cancelSession?.();
    member.cancelSession = undefined;
  }

  #forgetPending(memberId: string): void {
    this.#pending.get(memberId)?.();
    this.#pending.delete(memberId);
  }

  #rebalanceTimeout(): number {
    return Math.max(...[...this.#members.values()].map(({ rebalanceTimeoutMs }) => rebalanceTimeoutMs), 0);
  }

  #startTimer(milliseconds: number, callback: () => void): void {
    this.#stopTimer();
    this.#cancelTimer = this.#options.clock.schedule(milliseconds, callback);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

export function joinError(error: ErrorName, memberId: string): JoinAnswer {
  return {
    error,
    generation: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

export function syncError(error: ErrorName): SyncAnswer {
  return { error, protocolType: null, protocolName: null, assignment: noBytes };
}
