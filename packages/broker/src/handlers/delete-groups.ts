import { deleteGroups } from '@millrace/protocol';
import { attempt } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';

export const deleteGroupsHandler: Handler = defineHandler(deleteGroups, ({ groupsNames }, { broker }) => ({
  results: groupsNames.map((groupId) => ({
    groupId,
    errorCode: attempt(() => broker.groups.delete(groupId)).errorCode,
  })),
}));
