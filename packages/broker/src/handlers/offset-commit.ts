import { offsetCommit } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { commitOffsets } from './committed-offsets.ts';

const topicsById = 10;

export const offsetCommitHandler: Handler = defineHandler(offsetCommit, (request, { broker, apiVersion }) => {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generation } = request;
  return {
    topics: commitOffsets(request.topics, apiVersion >= topicsById, broker.topics, (offsets) => {
      broker.groups.checkCommit(groupId, { memberId, groupInstanceId, generation });
      broker.groups.offsets.commit(groupId, offsets);
    }),
  };
});
