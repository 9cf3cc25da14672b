import type { GroupProtocol, JoinAnswer, JoinRequest, MemberSnapshot, SyncAnswer } from './group-types.ts';
import { noBytes } from './group-types.ts';

/** A member of a group; `joining` and `syncing` answer its request that waits. */
export interface GroupMember {
  readonly id: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly GroupProtocol[];
  assignment: Uint8Array;
  cancelSession: (() => void) | undefined;
  joining: ((answer: JoinAnswer) => void) | undefined;
  syncing: ((answer: SyncAnswer) => void) | undefined;
}

export function newMember(id: string, request: JoinRequest): GroupMember {
  return {
    id,
    groupInstanceId: request.groupInstanceId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: copyProtocols(request.protocols),
    assignment: noBytes,
    cancelSession: undefined,
    joining: undefined,
    syncing: undefined,
  };
}

/** What arrives is a view of the request's frame; a member keeps it for long. */
export const copyProtocols = (protocols: readonly GroupProtocol[]): GroupProtocol[] =>
  protocols.map(({ name, metadata }) => ({ name, metadata: Uint8Array.from(metadata) }));

export function sameProtocols(one: readonly GroupProtocol[], other: readonly GroupProtocol[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, metadata }, index) => {
      const against = other[index]!;
      return name === against.name && Buffer.compare(metadata, against.metadata) === 0;
    })
  );
}

export function memberToSnapshot(member: GroupMember): MemberSnapshot {
  const { id, groupInstanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs } = member;
  const protocols = member.protocols.map(({ name, metadata }) => ({ name, metadata: toBase64(metadata) }));
  const assignment = toBase64(member.assignment);
  return { id, groupInstanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols, assignment };
}

export function memberFromSnapshot(snapshot: MemberSnapshot): GroupMember {
  return {
    ...snapshot,
    protocols: snapshot.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata, 'base64') })),
    assignment: Buffer.from(snapshot.assignment, 'base64'),
    cancelSession: undefined,
    joining: undefined,
    syncing: undefined,
  };
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
