import { addPartitionsToTxn, errorCode } from '@millrace/protocol';
import { RequestError } from '../request-error.ts';
import { defineHandler, type Handler, type RequestContext } from '../server/handler.ts';
import { findPartition } from './find-partition.ts';
import { transactionErrorCode } from './transaction-error.ts';

const severalTransactions = 4;
const knowsFenced = 2;

interface Addition {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly verifyOnly: boolean;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[];
}

export const addPartitionsToTxnHandler: Handler = defineHandler(addPartitionsToTxn, (request, context) => {
  if (context.apiVersion < severalTransactions) {
    const addition = {
      transactionalId: request.v3AndBelowTransactionalId,
      producerId: request.v3AndBelowProducerId,
      producerEpoch: request.v3AndBelowProducerEpoch,
      verifyOnly: false,
      topics: request.v3AndBelowTopics,
    };
    return { resultsByTopicV3AndBelow: add(addition, context) };
  }
  return {
    errorCode: errorCode.NONE,
    resultsByTransaction: request.transactions.map((addition) => ({
      transactionalId: addition.transactionalId,
      topicResults: add(addition, context),
    })),
  };
});

/** All of them or, when one is not there, none. */
function add(addition: Addition, { broker, apiVersion }: RequestContext) {
  const { transactionalId, topics } = addition;
  const partitions = topics.flatMap(({ name, partitions: indexes }) =>
    indexes.map((partition) => ({ topic: name, partition })),
  );
  const missing = new Set(partitions.filter(({ topic, partition }) => !exists(topic, partition)));
  let refusal: number = errorCode.NONE;
  if (missing.size === 0) {
    try {
      if (addition.verifyOnly)
        for (const partition of partitions) broker.transactions.check(transactionalId, addition, { partition });
      else broker.transactions.add(transactionalId, addition, { partitions });
    } catch (error) {
      refusal = transactionErrorCode(error, apiVersion >= knowsFenced);
    }
  }
  return topics.map(({ name, partitions: indexes }) => ({
    name,
    resultsByPartition: indexes.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode:
        missing.size === 0
          ? refusal
          : exists(name, partitionIndex)
            ? errorCode.OPERATION_NOT_ATTEMPTED
            : errorCode.UNKNOWN_TOPIC_OR_PARTITION,
    })),
  }));

  function exists(topic: string, partition: number): boolean {
    try {
      findPartition(broker.topics, topic, partition);
      return true;
    } catch (error) {
      if (error instanceof RequestError) return false;
      throw error;
    }
  }
}
