import { describeGroups, errorCode } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

const reportsMissing = 6;

export const describeGroupsHandler: Handler = defineHandler(describeGroups, ({ groups }, { broker, apiVersion }) => ({
  groups: groups.map((groupId) => {
    const group = broker.groups.describe(groupId);
    if (group === undefined) {
      const missing = apiVersion >= reportsMissing;
      return {
        errorCode: missing ? errorCode.GROUP_ID_NOT_FOUND : errorCode.NONE,
        errorMessage: missing ? `Group ${groupId} not found.` : null,
        groupId,
        groupState: 'Dead',
        protocolType: '',
        protocolData: '',
        members: [],
      };
    }
    return {
      errorCode: errorCode.NONE,
      groupId,
      groupState: group.state,
      protocolType: group.protocolType,
      protocolData: group.protocolName,
      members: group.members.map(({ metadata, assignment, ...member }) => ({
        ...member,
        memberMetadata: metadata,
        memberAssignment: assignment,
      })),
    };
  }),
}));
