import { randomUUID } from 'node:crypto';
import { decodeConsumerSubscription } from '@millrace/protocol';
import type { Clock } from '../clock.ts';
import { RequestError } from '../request-error.ts';
import { Group, joinError, syncError } from './group.ts';
import type {
  GroupDescription,
  GroupSnapshot,
  JoinAnswer,
  JoinRequest,
  MemberClaim,
  SyncAnswer,
  SyncRequest,
} from './group-types.ts';
import type { OffsetStore, Save } from './offset-store.ts';

export interface GroupCoordinatorOptions {
  readonly clock: Clock;
  readonly offsets: OffsetStore;
  readonly save: Save;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly initialRebalanceDelayMs: number;
}

export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: string;
}

/** All groups, and the requests about them. */
export class GroupCoordinator {
  readonly offsets: OffsetStore;
  readonly #options: GroupCoordinatorOptions;
  readonly #groups = new Map<string, Group>();

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    this.offsets = options.offsets;
  }

  restore(groupId: string, snapshot: GroupSnapshot): void {
    this.#group(groupId).restore(snapshot);
  }

  join(groupId: string, request: JoinRequest): JoinAnswer | Promise<JoinAnswer> {
    if (groupId === '') return joinError('INVALID_GROUP_ID', request.memberId);
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#options;
    if (request.sessionTimeoutMs < minSessionTimeoutMs || request.sessionTimeoutMs > maxSessionTimeoutMs) {
      return joinError('INVALID_SESSION_TIMEOUT', request.memberId);
    }
    if (request.memberId !== '' && !this.#groups.has(groupId)) return joinError('UNKNOWN_MEMBER_ID', request.memberId);
    return this.#group(groupId).join(request);
  }

  sync(groupId: string, request: SyncRequest): SyncAnswer | Promise<SyncAnswer> {
    return this.#groups.get(groupId)?.sync(request) ?? syncError('UNKNOWN_MEMBER_ID');
  }

  heartbeat(groupId: string, claim: MemberClaim): ReturnType<Group['heartbeat']> {
    return this.#groups.get(groupId)?.heartbeat(claim) ?? 'UNKNOWN_MEMBER_ID';
  }

  leave(groupId: string, claim: Omit<MemberClaim, 'generation'>): ReturnType<Group['leave']> {
    return this.#groups.get(groupId)?.leave(claim) ?? 'UNKNOWN_MEMBER_ID';
  }

  /** @throws RequestError when that member may not commit offsets now. */
  checkCommit(groupId: string, claim: MemberClaim, transactional = false): void {
    const group = this.#groups.get(groupId);
    const anonymous = claim.generation < 0;
    const error =
      group === undefined ? (anonymous ? undefined : 'ILLEGAL_GENERATION') : group.commitError(claim, transactional);
    if (error !== undefined) throw new RequestError(error, `group ${groupId}, member ${claim.memberId}: ${error}`);
  }

  describe(groupId: string): GroupDescription | undefined {
    const group = this.#groups.get(groupId);
    if (group !== undefined) return group.describe();
    if (!this.offsets.has(groupId)) return undefined;
    return { state: 'Empty', protocolType: '', protocolName: '', members: [] };
  }

  list(): ListedGroup[] {
    const ids = new Set([...this.#groups.keys(), ...this.offsets.groups]);
    return [...ids].map((groupId) => {
      const group = this.#groups.get(groupId);
      return { groupId, protocolType: group?.protocolType ?? '', state: group?.state ?? 'Empty' };
    });
  }

  /** @throws RequestError GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP */
  delete(groupId: string): void {
    const group = this.#groups.get(groupId);
    if (group === undefined && !this.offsets.has(groupId)) {
      throw new RequestError('GROUP_ID_NOT_FOUND', `There is no group '${groupId}'.`);
    }
    if (group?.isEmpty === false) throw new RequestError('NON_EMPTY_GROUP', `Group '${groupId}' has members.`);
    this.#options.save([[groupKey(groupId), null]]);
    this.offsets.deleteGroup(groupId);
    group?.close();
    this.#groups.delete(groupId);
  }

  /** @throws RequestError when the group is not there, or has members whose subscriptions are not known. */
  subscribedTopics(groupId: string): ReadonlySet<string> {
    const group = this.#groups.get(groupId);
    if (group === undefined && !this.offsets.has(groupId)) {
      throw new RequestError('GROUP_ID_NOT_FOUND', `There is no group '${groupId}'.`);
    }
    if (group === undefined || group.isEmpty) return new Set();
    if (group.protocolType !== 'consumer') {
      throw new RequestError('NON_EMPTY_GROUP', `Group '${groupId}' has members.`);
    }
    return new Set(group.subscriptions().flatMap((metadata) => topicsOf(metadata)));
  }

  close(): void {
    for (const group of this.#groups.values()) group.close();
  }

  #group(groupId: string): Group {
    let group = this.#groups.get(groupId);
    if (group === undefined) {
      const { clock, initialRebalanceDelayMs, save } = this.#options;
      group = new Group(groupId, {
        clock,
        initialRebalanceDelayMs,
        newMemberId: (prefix) => `${prefix}-${randomUUID()}`,
        save: (snapshot) => {
          try {
            save([[groupKey(groupId), snapshot]]);
            return true;
          } catch (error) {
            if (error instanceof RequestError) return false;
            throw error;
          }
        },
      });
      this.#groups.set(groupId, group);
    }
    return group;
  }
}

const groupKey = (groupId: string): string => JSON.stringify(['group', groupId]);

function topicsOf(metadata: Uint8Array): string[] {
  try {
    return decodeConsumerSubscription(Buffer.from(metadata)).topics;
  } catch {
    return [];
  }
}
