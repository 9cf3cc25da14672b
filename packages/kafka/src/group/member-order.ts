import type { AssignableMember } from './assignor.ts';

/** Static members keep their place: they come first, by their instance id. */
export function inOrder(members: readonly AssignableMember[]): AssignableMember[] {
  return members.toSorted((one, other) => {
    if (one.instanceId !== null && other.instanceId !== null) return compare(one.instanceId, other.instanceId);
    if (one.instanceId !== null) return -1;
    if (other.instanceId !== null) return 1;
    return compare(one.memberId, other.memberId);
  });
}

export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
