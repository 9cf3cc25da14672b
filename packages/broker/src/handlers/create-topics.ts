import { createTopics, errorCode, type Request } from '@millrace/protocol';
import { nodeId } from '../broker-state.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';
import { TopicConfig, topicConfigKeys } from '../topics/topic-config.ts';
import type { NewTopic } from '../topics/topic-store.ts';
import { noTopicId } from './metadata.ts';

type Wanted = Request<typeof createTopics>['topics'][number];

export const createTopicsHandler: Handler = defineHandler(createTopics, (request, { broker }) => {
  const named = request.topics.map(({ name }) => name);
  return {
    topics: request.topics.map((wanted) => {
      const { name } = wanted;
      try {
        if (named.indexOf(name) !== named.lastIndexOf(name)) {
          throw new RequestError('INVALID_REQUEST', `Topic '${name}' is named more than once.`);
        }
        const topic = newTopic(wanted);
        const numPartitions = broker.topics.check(topic);
        const topicId = request.validateOnly ? noTopicId : broker.topics.create(topic).id;
        return {
          name,
          topicId,
          errorCode: errorCode.NONE,
          errorMessage: null,
          numPartitions,
          replicationFactor: 1,
          configs: [...topicConfigKeys.keys()].map((key) => ({
            name: key,
            value: topic.config.value(key),
            readOnly: false,
            configSource: topic.config.overrides.has(key) ? 1 : 5,
            isSensitive: false,
          })),
        };
      } catch (error) {
        return { name, topicId: noTopicId, ...errorAnswer(error), configs: null };
      }
    }),
  };
});

function newTopic({ name, numPartitions, replicationFactor, assignments, configs }: Wanted): NewTopic {
  const config = new TopicConfig(
    configs.map((entry): [string, string] => {
      if (entry.value === null) throw new RequestError('INVALID_CONFIG', `Null value for configuration ${entry.name}.`);
      return [entry.name, entry.value];
    }),
  );
  if (assignments.length > 0) {
    if (numPartitions !== -1 || replicationFactor !== -1) {
      throw new RequestError('INVALID_REQUEST', 'With an assignment, partitions and replication factor must be -1.');
    }
    checkAssignments(assignments);
    return { name, partitions: assignments.length, config };
  }
  if (replicationFactor !== -1 && replicationFactor !== 1) {
    throw new RequestError(
      'INVALID_REPLICATION_FACTOR',
      `Unable to replicate the partition ${replicationFactor} time(s): this broker is a single node.`,
    );
  }
  return { name, partitions: numPartitions, config };
}

function checkAssignments(assignments: Wanted['assignments']): void {
  const indexes = new Set(assignments.map(({ partitionIndex }) => partitionIndex));
  const consecutive = assignments.every((_assignment, index) => indexes.has(index));
  const here = assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === nodeId);
  if (!consecutive || !here) {
    throw new RequestError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Partitions count from 0, and each is on node ${nodeId} alone.`,
    );
  }
}
