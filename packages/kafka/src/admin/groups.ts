import {
  deleteGroups as deleteGroupsApi,
  describeGroups as describeGroupsApi,
  errorCode,
  leaveGroup,
  listGroups as listGroupsApi,
  offsetDelete,
} from '@millrace/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { commitOffsets, fetchOffsets } from '../cluster/group-offsets.ts';
import { KafkaError, responseError } from '../errors.ts';
import type { CommittedOffset, GroupDescription, TopicPartition } from '../port.ts';
import { byTopic } from '../topic-partitions.ts';

export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: string;
}

/** Every broker lists the groups that it coordinates. */
export function listGroups(cluster: Cluster): Promise<ListedGroup[]> {
  return cluster.retry('ListGroups', async () => {
    await cluster.fetchMetadata([]);
    const lists = await Promise.all(
      [...cluster.metadata.brokers.keys()].map(async (node) => {
        const response = await cluster.request(node, listGroupsApi, {});
        if (response.errorCode !== errorCode.NONE) throw responseError(response.errorCode, `groups of broker ${node}`);
        return response.groups;
      }),
    );
    return lists.flat().map(({ groupId, protocolType, groupState }) => ({ groupId, protocolType, state: groupState }));
  });
}

export function describeGroup(cluster: Cluster, groupId: string): Promise<GroupDescription> {
  return cluster.retry(`Description of group ${groupId}`, async () => {
    const response = await cluster.coordinated(
      'group',
      groupId,
      describeGroupsApi,
      { groups: [groupId] },
      ({ groups }) => groups[0]?.errorCode ?? errorCode.UNKNOWN_SERVER_ERROR,
    );
    const group = response.groups[0]!;
    return {
      groupId,
      state: group.groupState,
      protocolType: group.protocolType,
      protocol: group.protocolData,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.groupInstanceId,
        clientId: member.clientId,
        host: member.clientHost,
        metadata: member.memberMetadata,
        assignment: member.memberAssignment,
      })),
    };
  });
}

export async function deleteGroup(cluster: Cluster, groupId: string): Promise<void> {
  await cluster.retry(`Deleting group ${groupId}`, () =>
    cluster.coordinated(
      'group',
      groupId,
      deleteGroupsApi,
      { groupsNames: [groupId] },
      ({ results }) => results[0]?.errorCode ?? errorCode.UNKNOWN_SERVER_ERROR,
    ),
  );
}

/** Takes a static member out of its group. One that is not there has left already. */
export async function removeStaticMember(cluster: Cluster, groupId: string, instanceId: string): Promise<void> {
  await cluster.retry(`Removing ${instanceId} from group ${groupId}`, () =>
    cluster.coordinated(
      'group',
      groupId,
      leaveGroup,
      (version) => {
        if (version >= 3) {
          return { groupId, members: [{ memberId: '', groupInstanceId: instanceId, reason: 'removed by an admin' }] };
        }
        throw new KafkaError('UNSUPPORTED_VERSION', 'Static members need a broker of Kafka 2.4 or later');
      },
      ({ errorCode: code, members }) => {
        const outcome = code || (members[0]?.errorCode ?? errorCode.NONE);
        return outcome === errorCode.UNKNOWN_MEMBER_ID ? errorCode.NONE : outcome;
      },
    ),
  );
}

export function listGroupOffsets(cluster: Cluster, groupId: string): Promise<CommittedOffset[]> {
  return fetchOffsets(cluster, groupId, null);
}

export async function alterGroupOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly CommittedOffset[],
): Promise<void> {
  if (offsets.length === 0) return;
  await cluster.retry(`Offsets of group ${groupId}`, () => commitOffsets(cluster, { groupId }, offsets));
}

export async function deleteGroupOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<void> {
  await cluster.retry(`Deleting offsets of group ${groupId}`, () =>
    cluster.coordinated(
      'group',
      groupId,
      offsetDelete,
      {
        groupId,
        topics: byTopic(partitions).map(([name, entries]) => ({
          name,
          partitions: entries.map(({ partition }) => ({ partitionIndex: partition })),
        })),
      },
      (response) =>
        response.errorCode ||
        (response.topics
          .flatMap(({ partitions: each }) => each.map(({ errorCode: code }) => code))
          .find((code) => code !== errorCode.NONE) ??
          errorCode.NONE),
    ),
  );
}
