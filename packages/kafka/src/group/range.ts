import type { AssignableMember, Assignment, PartitionCounts } from './assignor.ts';
import { inOrder } from './member-order.ts';

/** Each topic is cut into ranges, one per member that wants it; the first members get the larger ones. */
export function assignRanges(members: readonly AssignableMember[], counts: PartitionCounts): Assignment {
  const assignment: Assignment = new Map(members.map(({ memberId }) => [memberId, []]));
  for (const [topic, count] of counts) {
    const interested = inOrder(members.filter(({ topics }) => topics.includes(topic)));
    const each = Math.floor(count / interested.length);
    const surplus = count % interested.length;
    interested.forEach(({ memberId }, index) => {
      const start = each * index + Math.min(index, surplus);
      const size = each + (index < surplus ? 1 : 0);
      for (let partition = start; partition < start + size; partition++) {
        assignment.get(memberId)!.push({ topic, partition });
      }
    });
  }
  return assignment;
}
