import { errorCode, listTransactions } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

const states = new Set([
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
]);

export const listTransactionsHandler: Handler = defineHandler(listTransactions, (request, { broker }) => {
  const { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern } = request;
  let pattern: RegExp | undefined;
  try {
    pattern = transactionalIdPattern ? new RegExp(`^(?:${transactionalIdPattern})$`) : undefined;
  } catch {
    return { errorCode: errorCode.INVALID_REGULAR_EXPRESSION, unknownStateFilters: [], transactionStates: [] };
  }
  const now = broker.clock.now();
  return {
    errorCode: errorCode.NONE,
    unknownStateFilters: stateFilters.filter((state) => !states.has(state)),
    transactionStates: [...broker.transactions.all]
      .filter(({ state }) => stateFilters.length === 0 || stateFilters.includes(state))
      .filter(({ producerId }) => producerIdFilters.length === 0 || producerIdFilters.includes(producerId))
      .filter(({ startTime }) => durationFilter < 0 || (startTime >= 0 && now - startTime >= durationFilter))
      .filter(({ transactionalId }) => pattern === undefined || pattern.test(transactionalId))
      .map(({ transactionalId, producerId, state }) => ({ transactionalId, producerId, transactionState: state })),
  };
});
