import { deleteTopics } from '@millrace/protocol';
import { attempt } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';
import { findTopic } from './find-partition.ts';
import { noTopicId } from './metadata.ts';

const topicsById = 6;

export const deleteTopicsHandler: Handler = defineHandler(deleteTopics, (request, { broker, apiVersion }) => {
  const wanted =
    apiVersion >= topicsById ? request.topics : request.topicNames.map((name) => ({ name, topicId: noTopicId }));
  return {
    responses: wanted.map(({ name, topicId }) => {
      const byId = name === null;
      const known = byId ? broker.topics.findById(topicId) : broker.topics.find(name);
      return {
        name: known?.name ?? name,
        topicId: known?.id ?? topicId,
        ...attempt(() => {
          const topic = findTopic(broker.topics, name ?? '', topicId, byId);
          broker.topics.delete(topic.name);
          broker.groups.offsets.deleteTopic(topic.name);
        }),
      };
    }),
  };
});
