import { addOffsetsToTxn, errorCode } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { transactionErrorCode } from './transaction-error.ts';

const knowsFenced = 2;

export const addOffsetsToTxnHandler: Handler = defineHandler(addOffsetsToTxn, (request, { broker, apiVersion }) => {
  try {
    broker.transactions.add(request.transactionalId, request, { groups: [request.groupId] });
    return { errorCode: errorCode.NONE };
  } catch (error) {
    return { errorCode: transactionErrorCode(error, apiVersion >= knowsFenced) };
  }
});
