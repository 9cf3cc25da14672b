import { errorCode, initProducerId } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { transactionErrorCode } from './transaction-error.ts';

const knowsFenced = 4;

export const initProducerIdHandler: Handler = defineHandler(initProducerId, (request, { broker, apiVersion }) => {
  const { transactionalId, transactionTimeoutMs } = request;
  try {
    const identity =
      transactionalId === null
        ? { producerId: broker.producerIds.next(), producerEpoch: 0 }
        : broker.transactions.initialize(transactionalId, transactionTimeoutMs, request);
    return { errorCode: errorCode.NONE, ...identity };
  } catch (error) {
    return { errorCode: transactionErrorCode(error, apiVersion >= knowsFenced), producerId: -1, producerEpoch: -1 };
  }
});
