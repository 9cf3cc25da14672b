import { errorCode, leaveGroup } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

const severalMembers = 3;

export const leaveGroupHandler: Handler = defineHandler(leaveGroup, (request, { broker, apiVersion }) => {
  const { groupId, memberId } = request;
  if (apiVersion < severalMembers) {
    return { errorCode: errorCode[broker.groups.leave(groupId, { memberId, groupInstanceId: null })] };
  }
  return {
    errorCode: errorCode.NONE,
    members: request.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      errorCode: errorCode[broker.groups.leave(groupId, member)],
    })),
  };
});
