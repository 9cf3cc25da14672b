import type { AssignableMember, Assignment, PartitionCounts } from './assignor.ts';
import { compare, inOrder } from './member-order.ts';

/** All partitions of all topics are dealt out in turn, to the next member that wants the topic. */
export function assignRoundRobin(members: readonly AssignableMember[], counts: PartitionCounts): Assignment {
  const assignment: Assignment = new Map(members.map(({ memberId }) => [memberId, []]));
  const ordered = inOrder(members);
  let turn = 0;
  for (const [topic, count] of [...counts].sort(([one], [other]) => compare(one, other))) {
    if (!ordered.some(({ topics }) => topics.includes(topic))) continue;
    for (let partition = 0; partition < count; partition++) {
      while (!ordered[turn % ordered.length]!.topics.includes(topic)) turn++;
      assignment.get(ordered[turn % ordered.length]!.memberId)!.push({ topic, partition });
      turn++;
    }
  }
  return assignment;
}
