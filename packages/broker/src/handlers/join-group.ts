import { errorCode, joinGroup } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

const requiresMemberId = 4;
const skipsAssignment = 9;
const protocolNameMayBeNull = 7;

export const joinGroupHandler: Handler = defineHandler(
  joinGroup,
  async (request, { broker, apiVersion, clientId, clientHost }) => {
    const { rebalanceTimeoutMs, sessionTimeoutMs } = request;
    const answer = await broker.groups.join(request.groupId, {
      memberId: request.memberId,
      groupInstanceId: request.groupInstanceId,
      clientId,
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
      protocolType: request.protocolType,
      protocols: request.protocols,
      requireMemberId: apiVersion >= requiresMemberId,
      canSkipAssignment: apiVersion >= skipsAssignment,
    });
    return {
      errorCode: errorCode[answer.error],
      generationId: answer.generation,
      protocolType: answer.protocolType,
      protocolName: answer.protocolName ?? (apiVersion < protocolNameMayBeNull ? '' : null),
      leader: answer.leader,
      skipAssignment: answer.skipAssignment,
      memberId: answer.memberId,
      members: answer.members,
    };
  },
);
