import { errorCode, offsetCommit, offsetFetch } from '@millrace/protocol';
import { responseError } from '../errors.ts';
import type { CommittedOffset, GroupMetadata, TopicPartition } from '../port.ts';
import { byTopic, partitionKey } from '../topic-partitions.ts';
import type { Cluster } from './cluster.ts';

/** Commits once; the caller repeats it where that makes sense. */
export async function commitOffsets(
  cluster: Cluster,
  group: GroupMetadata,
  offsets: readonly CommittedOffset[],
): Promise<void> {
  await cluster.coordinated(
    'group',
    group.groupId,
    offsetCommit,
    (version) => ({
      groupId: group.groupId,
      generationIdOrMemberEpoch: group.generationId ?? -1,
      memberId: group.memberId ?? '',
      ...(version >= 7 && group.instanceId !== undefined ? { groupInstanceId: group.instanceId } : {}),
      topics: byTopic(offsets).map(([name, entries]) => ({
        name,
        partitions: entries.map(({ partition, offset, metadata, leaderEpoch }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedLeaderEpoch: leaderEpoch ?? -1,
          committedMetadata: metadata ?? '',
        })),
      })),
    }),
    ({ topics }) =>
      topics
        .flatMap(({ partitions }) => partitions.map((each) => each.errorCode))
        .find((code) => code !== errorCode.NONE) ?? errorCode.NONE,
  );
}

/** Offsets of these partitions, or of all that the group has committed; those without one are left out. */
export async function fetchOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[] | null,
): Promise<CommittedOffset[]> {
  return await cluster.retry(`Offsets of group ${groupId}`, async () => {
    const response = await cluster.coordinated(
      'group',
      groupId,
      offsetFetch,
      (version) => ({
        groupId,
        groups: [],
        // What an open transaction is about to commit counts: the answer waits for it.
        ...(version >= 7 ? { requireStable: true } : {}),
        topics:
          partitions &&
          byTopic(partitions).map(([name, entries]) => ({
            name,
            partitionIndexes: entries.map(({ partition }) => partition),
          })),
      }),
      ({ errorCode: code }) => code,
    );
    return response.topics.flatMap((topic) =>
      topic.partitions.flatMap((each) => {
        if (each.errorCode !== errorCode.NONE) {
          throw responseError(
            each.errorCode,
            `offset of group ${groupId} for ${partitionKey(topic.name, each.partitionIndex)}`,
          );
        }
        if (each.committedOffset < 0) return [];
        const { committedOffset: offset, committedLeaderEpoch: leaderEpoch, metadata } = each;
        return [{ topic: topic.name, partition: each.partitionIndex, offset, leaderEpoch, metadata }];
      }),
    );
  });
}
