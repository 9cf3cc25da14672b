import { endTxn, errorCode } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { transactionErrorCode } from './transaction-error.ts';

const knowsFenced = 2;
/** Transaction protocol 2: every end of a transaction gives the producer its next epoch. */
const bumpsEpoch = 5;

export const endTxnHandler: Handler = defineHandler(endTxn, (request, { broker, apiVersion }) => {
  const { transactionalId, committed } = request;
  try {
    const next = broker.transactions.end(transactionalId, request, committed, apiVersion >= bumpsEpoch);
    return { errorCode: errorCode.NONE, ...next };
  } catch (error) {
    return { errorCode: transactionErrorCode(error, apiVersion >= knowsFenced) };
  }
});
