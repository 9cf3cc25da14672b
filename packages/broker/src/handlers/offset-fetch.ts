import { errorCode, offsetFetch } from '@millrace/protocol';
import { defineHandler, type Handler, type RequestContext } from '../server/handler.ts';
import { noTopicId } from './metadata.ts';

const topicsById = 10;
const severalGroups = 8;

interface WantedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitionIndexes: readonly number[];
}

export const offsetFetchHandler: Handler = defineHandler(offsetFetch, (request, context) => {
  const { apiVersion } = context;
  const { requireStable } = request;
  if (apiVersion < severalGroups) {
    const wanted = request.topics?.map((topic) => ({ ...topic, topicId: noTopicId })) ?? null;
    return { topics: fetchGroup(request.groupId, wanted, requireStable, context) };
  }
  return {
    groups: request.groups.map(({ groupId, topics, memberId, memberEpoch }) => {
      const error = memberError(groupId, memberId, memberEpoch, context);
      if (error !== errorCode.NONE) return { groupId, topics: [], errorCode: error };
      return { groupId, topics: fetchGroup(groupId, topics, requireStable, context) };
    }),
  };
});

/** Members of the newer group protocol say who they are; there are none here. */
function memberError(
  groupId: string,
  memberId: string | null,
  memberEpoch: number,
  { broker }: RequestContext,
): number {
  if (memberId === null || memberEpoch < 0) return errorCode.NONE;
  const group = broker.groups.describe(groupId);
  const known = group?.members.some((member) => member.memberId === memberId) === true;
  return known ? errorCode.NONE : errorCode.UNKNOWN_MEMBER_ID;
}

function fetchGroup(
  groupId: string,
  wanted: readonly WantedTopic[] | null,
  requireStable: boolean,
  context: RequestContext,
) {
  const { broker, apiVersion } = context;
  const topics = wanted ?? allTopics(groupId, context);
  return topics.map(({ name: givenName, topicId, partitionIndexes }) => {
    const topic = apiVersion >= topicsById && wanted !== null ? broker.topics.findById(topicId) : undefined;
    const unknownId = apiVersion >= topicsById && wanted !== null && topic === undefined;
    const name = topic?.name ?? givenName;
    return {
      name,
      topicId: topic?.id ?? topicId,
      partitions: partitionIndexes.map((partitionIndex) => {
        if (unknownId) return nothing(partitionIndex, errorCode.UNKNOWN_TOPIC_ID);
        if (requireStable && broker.groups.offsets.isUnstable(groupId, name, partitionIndex)) {
          return nothing(partitionIndex, errorCode.UNSTABLE_OFFSET_COMMIT);
        }
        const found = broker.groups.offsets.find(groupId, name, partitionIndex);
        if (found === undefined) return nothing(partitionIndex, errorCode.NONE);
        const { offset, leaderEpoch, metadata } = found;
        const answer = { committedOffset: offset, committedLeaderEpoch: leaderEpoch, metadata };
        return { partitionIndex, ...answer, errorCode: errorCode.NONE };
      }),
    };
  });
}

function allTopics(groupId: string, { broker }: RequestContext): WantedTopic[] {
  const partitions = new Map<string, number[]>();
  for (const { topic, partition } of broker.groups.offsets.all(groupId)) {
    partitions.set(topic, [...(partitions.get(topic) ?? []), partition]);
  }
  return [...partitions].map(([name, partitionIndexes]) => ({
    name,
    topicId: broker.topics.find(name)?.id ?? noTopicId,
    partitionIndexes,
  }));
}

const nothing = (partitionIndex: number, code: number) => ({
  partitionIndex,
  committedOffset: -1,
  committedLeaderEpoch: -1,
  metadata: '' as string | null,
  errorCode: code,
});
