import { errorCode, findCoordinator } from '@millrace/protocol';
import { nodeId } from '../broker-state.ts';
import { defineHandler, type Handler } from '../server/handler.ts';

const group = 0;
const transaction = 1;

export const findCoordinatorHandler: Handler = defineHandler(findCoordinator, (request, { advertised, apiVersion }) => {
  const known = request.keyType === group || request.keyType === transaction;
  const answer = known
    ? { errorCode: errorCode.NONE, errorMessage: null, nodeId, ...advertised }
    : {
        errorCode: errorCode.INVALID_REQUEST,
        errorMessage: 'Only groups and transactions are coordinated here.',
        nodeId: -1,
        host: '',
        port: -1,
      };
  if (apiVersion < 4) return answer;
  return { coordinators: request.coordinatorKeys.map((key) => ({ key, ...answer })) };
});
