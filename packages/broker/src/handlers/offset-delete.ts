import { errorCode, offsetDelete } from '@millrace/protocol';
import { errorAnswer } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';

export const offsetDeleteHandler: Handler = defineHandler(offsetDelete, ({ groupId, topics }, { broker }) => {
  try {
    const subscribed = broker.groups.subscribedTopics(groupId);
    const places = topics
      .filter(({ name }) => !subscribed.has(name))
      .flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
      );
    broker.groups.offsets.delete(groupId, places);
    return {
      errorCode: errorCode.NONE,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: subscribed.has(name) ? errorCode.GROUP_SUBSCRIBED_TO_TOPIC : errorCode.NONE,
        })),
      })),
    };
  } catch (error) {
    return { errorCode: errorAnswer(error).errorCode, topics: [] };
  }
});
