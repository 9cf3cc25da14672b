import { txnOffsetCommit } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { commitOffsets } from './committed-offsets.ts';
import { noTopicId } from './metadata.ts';
import { fencedAsInvalidEpoch } from './produce.ts';

/** From this version on, committing offsets makes the group part of the transaction. */
const joinsTransaction = 5;

export const txnOffsetCommitHandler: Handler = defineHandler(txnOffsetCommit, (request, { broker, apiVersion }) => {
  const { groupId, memberId, groupInstanceId, generationId: generation, transactionalId, producerId } = request;
  const topics = request.topics.map((topic) => ({ ...topic, topicId: noTopicId }));
  return {
    topics: commitOffsets(topics, false, broker.topics, (offsets) => {
      fencedAsInvalidEpoch(() => {
        if (apiVersion < joinsTransaction) broker.transactions.check(transactionalId, request, { group: groupId });
      });
      broker.groups.checkCommit(groupId, { memberId, groupInstanceId, generation }, true);
      fencedAsInvalidEpoch(() => {
        if (apiVersion >= joinsTransaction) broker.transactions.add(transactionalId, request, { groups: [groupId] });
      });
      broker.groups.offsets.commitPending(producerId, groupId, offsets);
    }),
  };
});
