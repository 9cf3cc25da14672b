import { errorCode, produce } from '@millrace/protocol';
import { isTransactional, validateProducedBatch } from '../log/batch-info.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler, type RequestContext } from '../server/handler.ts';
import type { Topic } from '../topics/topic.ts';
import { findTopic, partitionOf } from './find-partition.ts';

const topicsById = 13;
/** From this version on, writing to a partition makes it part of the transaction. */
const joinsTransaction = 12;

export const produceHandler: Handler = defineHandler(produce, (request, context) => {
  const { acks, transactionalId } = request;
  let failed = false;
  const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
    name,
    topicId,
    partitionResponses: partitionData.map(({ index, records }) => {
      try {
        if (acks < -1 || acks > 1) throw new RequestError('INVALID_REQUIRED_ACKS', `acks is ${acks}, not -1, 0 or 1`);
        const byId = context.apiVersion >= topicsById;
        const topic = findTopic(context.broker.topics, name, topicId, byId);
        return { index, errorCode: errorCode.NONE, ...append(topic, index, records, transactionalId, context) };
      } catch (error) {
        failed = true;
        return { index, baseOffset: -1, ...errorAnswer(error) };
      }
    }),
  }));
  if (acks !== 0) return { responses };
  // The client has no other way to learn that something went wrong.
  if (failed) context.disconnect();
  return null;
});

function append(
  topic: Topic,
  index: number,
  records: Buffer | null,
  transactionalId: string | null,
  { broker, apiVersion }: RequestContext,
): { baseOffset: number; logAppendTimeMs: number; logStartOffset: number } {
  const log = partitionOf(topic, index);
  const batch = validateProducedBatch(records);
  if (isTransactional(batch)) {
    if (transactionalId === null)
      throw new RequestError('INVALID_TXN_STATE', 'transactional records without a transactional id');
    const partition = { topic: topic.name, partition: index };
    fencedAsInvalidEpoch(() => {
      if (apiVersion < joinsTransaction) broker.transactions.check(transactionalId, batch, { partition });
      else broker.transactions.add(transactionalId, batch, { partitions: [partition] });
    });
  }
  const { baseOffset, logAppendTime } = log.append(records!, batch);
  return { baseOffset, logAppendTimeMs: logAppendTime, logStartOffset: log.startOffset };
}

/** A fenced producer learns it from Produce and TxnOffsetCommit by the epoch. */
export function fencedAsInvalidEpoch(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RequestError) || error.error !== 'PRODUCER_FENCED') throw error;
    throw new RequestError('INVALID_PRODUCER_EPOCH', error.message, { cause: error });
  }
}
