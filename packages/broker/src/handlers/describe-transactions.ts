import { describeTransactions, errorCode } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

export const describeTransactionsHandler: Handler = defineHandler(
  describeTransactions,
  ({ transactionalIds }, { broker }) => ({
    transactionStates: transactionalIds.map((transactionalId) => {
      const transaction = broker.transactions.find(transactionalId);
      if (transaction === undefined) return { ...missing, transactionalId };
      const partitions = new Map<string, number[]>();
      for (const { topic, partition } of transaction.partitions) {
        partitions.set(topic, [...(partitions.get(topic) ?? []), partition]);
      }
      return {
        errorCode: errorCode.NONE,
        transactionalId,
        transactionState: transaction.state,
        transactionTimeoutMs: transaction.timeoutMs,
        transactionStartTimeMs: transaction.startTime,
        producerId: transaction.producerId,
        producerEpoch: transaction.producerEpoch,
        topics: [...partitions].map(([topic, indexes]) => ({ topic, partitions: indexes })),
      };
    }),
  }),
);

const missing = {
  errorCode: errorCode.TRANSACTIONAL_ID_NOT_FOUND,
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: -1,
  producerId: -1,
  producerEpoch: -1,
  topics: [],
};
