import { errorCode, offsetForLeaderEpoch } from '@millrace/protocol';
import { leaderEpoch as currentEpoch } from '../log/partition-log.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';
import { findPartition } from './find-partition.ts';

export const offsetForLeaderEpochHandler: Handler = defineHandler(offsetForLeaderEpoch, (request, { broker }) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, leaderEpoch, currentLeaderEpoch }) => {
      try {
        if (currentLeaderEpoch > currentEpoch) {
          throw new RequestError('UNKNOWN_LEADER_EPOCH', `${topic}-${partition} is at leader epoch ${currentEpoch}`);
        }
        const { nextOffset } = findPartition(broker.topics, topic, partition);
        const known = leaderEpoch === currentEpoch;
        return {
          partition,
          errorCode: errorCode.NONE,
          leaderEpoch: known ? currentEpoch : -1,
          endOffset: known ? nextOffset : -1,
        };
      } catch (error) {
        return { partition, errorCode: errorAnswer(error).errorCode };
      }
    }),
  })),
}));
