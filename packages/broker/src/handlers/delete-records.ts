import { deleteRecords, errorCode } from '@millrace/protocol';
import { errorAnswer } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';
import { findPartition } from './find-partition.ts';

const everything = -1;

export const deleteRecordsHandler: Handler = defineHandler(deleteRecords, (request, { broker }) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      try {
        const log = findPartition(broker.topics, name, partitionIndex);
        log.deleteBefore(offset === everything ? log.nextOffset : offset);
        return { partitionIndex, lowWatermark: log.startOffset, errorCode: errorCode.NONE };
      } catch (error) {
        return { partitionIndex, lowWatermark: -1, errorCode: errorAnswer(error).errorCode };
      }
    }),
  })),
}));
