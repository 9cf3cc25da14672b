import { describeProducers, errorCode } from '@millrace/protocol';
import { errorAnswer } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';
import { findPartition } from './find-partition.ts';

export const describeProducersHandler: Handler = defineHandler(describeProducers, ({ topics }, { broker }) => ({
  topics: topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      try {
        const activeProducers = findPartition(broker.topics, name, partitionIndex).activeProducers();
        return { partitionIndex, errorCode: errorCode.NONE, activeProducers };
      } catch (error) {
        return { partitionIndex, ...errorAnswer(error), activeProducers: [] };
      }
    }),
  })),
}));
