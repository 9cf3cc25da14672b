import { errorCode, heartbeat } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

export const heartbeatHandler: Handler = defineHandler(heartbeat, (request, { broker }) => {
  const { groupId, memberId, groupInstanceId, generationId: generation } = request;
  return { errorCode: errorCode[broker.groups.heartbeat(groupId, { memberId, groupInstanceId, generation })] };
});
