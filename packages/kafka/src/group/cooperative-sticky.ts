import type { TopicPartition } from '../port.ts';
import { partitionKey } from '../topic-partitions.ts';
import type { AssignableMember, Assignment, PartitionCounts } from './assignor.ts';
import { inOrder } from './member-order.ts';

interface Share {
  readonly member: AssignableMember;
  readonly topics: ReadonlySet<string>;
  readonly partitions: TopicPartition[];
}

/**
 * Balanced, and as much as possible as it was. What moves from one member to another is given to nobody in this round: its
 * owner gives it up first, and the rebalance that follows hands it on.
 */
export function assignCooperatively(members: readonly AssignableMember[], counts: PartitionCounts): Assignment {
  const owners = currentOwners(members, counts);
  const shares = inOrder(members).map((member): Share => ({ member, topics: new Set(member.topics), partitions: [] }));
  const byMember = new Map(shares.map((share) => [share.member.memberId, share]));
  const unassigned: TopicPartition[] = [];
  for (const [topic, count] of counts) {
    for (let partition = 0; partition < count; partition++) {
      const owner = owners.get(partitionKey(topic, partition));
      const share = owner === undefined ? undefined : byMember.get(owner);
      if (share?.topics.has(topic) === true) share.partitions.push({ topic, partition });
      else unassigned.push({ topic, partition });
    }
  }
  for (const item of unassigned) leastLoaded(shares, item.topic)?.partitions.push(item);
  balance(shares);
  return new Map(
    shares.map(({ member: { memberId }, partitions }) => [
      memberId,
      partitions.filter(({ topic, partition }) => {
        const owner = owners.get(partitionKey(topic, partition));
        return owner === undefined || owner === memberId;
      }),
    ]),
  );
}

/** Who owns what; where two claim the same, the one of the later generation, and nobody where that is equal. */
function currentOwners(members: readonly AssignableMember[], counts: PartitionCounts): Map<string, string> {
  const claims = new Map<string, { readonly memberId: string; readonly generation: number } | undefined>();
  const generations = new Map<string, number>();
  for (const { memberId, owned, generation } of members) {
    for (const { topic, partition } of owned) {
      const key = partitionKey(topic, partition);
      if (partition >= (counts.get(topic) ?? 0)) continue;
      const known = generations.get(key);
      if (known === undefined || generation > known) {
        claims.set(key, { memberId, generation });
        generations.set(key, generation);
      } else if (generation === known) {
        claims.set(key, undefined);
      }
    }
  }
  return new Map([...claims].flatMap(([key, claim]) => (claim === undefined ? [] : [[key, claim.memberId] as const])));
}

function leastLoaded(shares: readonly Share[], topic: string): Share | undefined {
  let least: Share | undefined;
  for (const share of shares) {
    if (share.topics.has(topic) && (least === undefined || share.partitions.length < least.partitions.length))
      least = share;
  }
  return least;
}

/** Moves single partitions from those with more to those with at least two fewer, until there is nothing to gain. */
function balance(shares: readonly Share[]): void {
  for (let moved = true; moved; ) {
    moved = false;
    for (const from of shares.toSorted((one, other) => other.partitions.length - one.partitions.length)) {
      for (let index = from.partitions.length - 1; index >= 0; index--) {
        const item = from.partitions[index]!;
        const to = leastLoaded(shares, item.topic);
        if (to === undefined || from.partitions.length - to.partitions.length < 2) continue;
        from.partitions.splice(index, 1);
        to.partitions.push(item);
        moved = true;
      }
    }
  }
}
