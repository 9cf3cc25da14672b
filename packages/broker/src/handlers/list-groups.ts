import { errorCode, listGroups } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

const groupType = 'classic';

export const listGroupsHandler: Handler = defineHandler(listGroups, ({ statesFilter, typesFilter }, { broker }) => {
  const states = new Set(statesFilter.map((state) => state.toLowerCase()));
  const types = new Set(typesFilter.map((type) => type.toLowerCase()));
  return {
    errorCode: errorCode.NONE,
    groups: broker.groups
      .list()
      .filter(({ state }) => states.size === 0 || states.has(state.toLowerCase()))
      .filter(() => types.size === 0 || types.has(groupType))
      .map(({ groupId, protocolType, state }) => ({ groupId, protocolType, groupState: state, groupType })),
  };
});
