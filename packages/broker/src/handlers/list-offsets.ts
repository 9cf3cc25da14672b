import { errorCode, listOffsets } from '@millrace/protocol';
import { type FoundOffset, leaderEpoch, type PartitionLog } from '../log/partition-log.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';
import { findPartition } from './find-partition.ts';

const tellsLeaderEpoch = 4;
/** Timestamps with a meaning of their own. */
const latest = -1;
const earliest = -2;
const largestTimestamp = -3;
const earliestLocal = -4;
const unknown: FoundOffset = { offset: -1, timestamp: -1 };

export const listOffsetsHandler: Handler = defineHandler(listOffsets, (request, { broker, apiVersion }) => {
  const committedOnly = request.isolationLevel === 1;
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
        try {
          if (currentLeaderEpoch > leaderEpoch) {
            throw new RequestError(
              'UNKNOWN_LEADER_EPOCH',
              `${name}-${partitionIndex} is at leader epoch ${leaderEpoch}`,
            );
          }
          const found = find(findPartition(broker.topics, name, partitionIndex), timestamp, committedOnly);
          return {
            partitionIndex,
            errorCode: errorCode.NONE,
            ...found,
            leaderEpoch: found.offset < 0 || apiVersion < tellsLeaderEpoch ? -1 : leaderEpoch,
          };
        } catch (error) {
          return { partitionIndex, ...errorAnswer(error) };
        }
      }),
    })),
  };
});

function find(log: PartitionLog, timestamp: number, committedOnly: boolean): FoundOffset {
  const end = committedOnly ? log.lastStableOffset : log.nextOffset;
  if (timestamp === latest) return { offset: end, timestamp: -1 };
  if (timestamp === earliest || timestamp === earliestLocal) return { offset: log.startOffset, timestamp: -1 };
  const found =
    timestamp === largestTimestamp ? log.findLargestTime() : timestamp < 0 ? undefined : log.findTime(timestamp);
  return found === undefined || found.offset >= end ? unknown : found;
}
