import { errorCode, metadata } from '@millrace/protocol';
import { nodeId } from '../broker-state.ts';
import { leaderEpoch } from '../log/partition-log.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler, type RequestContext } from '../server/handler.ts';
import type { Topic } from '../topics/topic.ts';
import { TopicConfig } from '../topics/topic-config.ts';

export const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA';

export const metadataHandler: Handler = defineHandler(metadata, (request, context) => {
  const { broker, advertised, apiVersion } = context;
  const all = request.topics === null || (apiVersion === 0 && request.topics.length === 0);
  const topics = all
    ? [...broker.topics.all].map(describeTopic)
    : request.topics!.map(({ name, topicId }) => {
        try {
          return describeTopic(find(name, topicId, request.allowAutoTopicCreation, context));
        } catch (error) {
          return { errorCode: errorAnswer(error).errorCode, name, topicId, partitions: [] };
        }
      });
  return {
    brokers: [{ nodeId, ...advertised }],
    clusterId: broker.clusterId,
    controllerId: nodeId,
    topics: apiVersion < 12 ? topics.map((topic) => ({ ...topic, name: topic.name ?? '' })) : topics,
  };
});

function find(name: string | null, id: string, mayCreate: boolean, { broker }: RequestContext): Topic {
  const { topics, autoCreateTopics } = broker;
  if (name === null || id !== noTopicId) {
    const topic = topics.findById(id);
    if (topic === undefined) throw new RequestError('UNKNOWN_TOPIC_ID', `There is no topic with id ${id}.`);
    return topic;
  }
  const known = topics.find(name);
  if (known !== undefined) return known;
  if (mayCreate && autoCreateTopics) return topics.create({ name, partitions: -1, config: new TopicConfig() });
  return topics.get(name);
}

const describeTopic = (topic: Topic) => ({
  errorCode: errorCode.NONE,
  name: topic.name as string | null,
  topicId: topic.id,
  isInternal: false,
  partitions: topic.partitions.map((_log, partitionIndex) => ({
    errorCode: errorCode.NONE,
    partitionIndex,
    leaderId: nodeId,
    leaderEpoch,
    replicaNodes: [nodeId],
    isrNodes: [nodeId],
  })),
});
