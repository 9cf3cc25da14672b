import { errorCode, syncGroup } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

export const syncGroupHandler: Handler = defineHandler(syncGroup, async (request, { broker }) => {
  const { error, ...answer } = await broker.groups.sync(request.groupId, {
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    generation: request.generationId,
    protocolType: request.protocolType,
    protocolName: request.protocolName,
    assignments: request.assignments,
  });
  return { errorCode: errorCode[error], ...answer };
});
