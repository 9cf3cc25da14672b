import { errorCode, fetch } from '@millrace/protocol';
import type { FetchPosition, FetchSession, SeenPartition } from '../fetch/fetch-sessions.ts';
import { placeKey } from '../fetch/fetch-sessions.ts';
import { waitForRecords } from '../fetch/wait-for-records.ts';
import { lastOffsetOf, readBatchInfo } from '../log/batch-info.ts';
import { leaderEpoch, type PartitionLog } from '../log/partition-log.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler, type RequestContext } from '../server/handler.ts';
import { findTopic, partitionOf } from './find-partition.ts';
import { noTopicId } from './metadata.ts';

const topicsById = 13;
/** A response is never larger than this plus one batch, whatever the client allows. */
const largestResponse = 55 * 1024 * 1024;

interface FetchedPartition {
  readonly position: FetchPosition;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly abortedTransactions: { readonly producerId: number; readonly firstOffset: number }[] | null;
  readonly records: Buffer;
}

interface FetchLimits {
  readonly committedOnly: boolean;
  readonly maxBytes: number;
}

export const fetchHandler: Handler = defineHandler(fetch, async (request, context) => {
  const { broker, apiVersion } = context;
  const byId = apiVersion >= topicsById;
  const requested = request.topics.flatMap(({ topic, topicId, partitions }) =>
    partitions.map(
      (wanted): FetchPosition => ({
        topic,
        topicId: byId ? topicId : noTopicId,
        partition: wanted.partition,
        fetchOffset: wanted.fetchOffset,
        maxBytes: wanted.partitionMaxBytes,
        currentLeaderEpoch: wanted.currentLeaderEpoch,
      }),
    ),
  );
  const forgotten = request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => placeKey({ topic, topicId: byId ? topicId : noTopicId, partition })),
  );
  let update: ReturnType<typeof broker.fetchSessions.update>;
  try {
    update = broker.fetchSessions.update(request.sessionId, request.sessionEpoch, requested, forgotten);
  } catch (error) {
    return { errorCode: errorAnswer(error).errorCode, sessionId: 0, responses: [] };
  }
  const positions = update === undefined ? requested : [...update.session.positions.values()];
  const limits = {
    committedOnly: request.isolationLevel === 1,
    maxBytes: Math.min(request.maxBytes, largestResponse),
  };
  const fetched = await fetchWaiting(positions, limits, request.minBytes, request.maxWaitMs, context);
  const answered = update === undefined ? fetched : remember(update.session, fetched, update.incremental);
  return { errorCode: errorCode.NONE, sessionId: update?.session.id ?? 0, responses: byTopic(answered) };
});

/** Reads, and where there is too little waits once for more. */
async function fetchWaiting(
  positions: readonly FetchPosition[],
  limits: FetchLimits,
  minBytes: number,
  maxWaitMs: number,
  context: RequestContext,
): Promise<FetchedPartition[]> {
  const { clock, topics } = context.broker;
  const deadline = clock.now() + maxWaitMs;
  for (;;) {
    const fetched = positionsRead(positions, limits, context);
    const bytes = fetched.reduce((sum, { records }) => sum + records.length, 0);
    const milliseconds = deadline - clock.now();
    const failed = fetched.some((partition) => partition.errorCode !== errorCode.NONE);
    if (bytes >= minBytes || failed || milliseconds <= 0 || positions.length === 0 || context.signal.aborted)
      return fetched;
    const logs = positions.map(({ topic, topicId, partition }) =>
      partitionOf(findTopic(topics, topic, topicId, topicId !== noTopicId), partition),
    );
    const { committedOnly } = limits;
    await waitForRecords({ logs, bytes: minBytes - bytes, milliseconds, committedOnly, clock, signal: context.signal });
  }
}

function positionsRead(
  positions: readonly FetchPosition[],
  limits: FetchLimits,
  { broker }: RequestContext,
): FetchedPartition[] {
  let left = limits.maxBytes;
  let isFirst = true;
  return positions.map((position) => {
    try {
      const { topic, topicId, partition } = position;
      const log = partitionOf(findTopic(broker.topics, topic, topicId, topicId !== noTopicId), partition);
      const fetched = readPartition(log, position, Math.min(position.maxBytes, left), isFirst, limits.committedOnly);
      if (fetched.records.length > 0) isFirst = false;
      left = Math.max(left - fetched.records.length, 0);
      return fetched;
    } catch (error) {
      return { position, ...nothing, errorCode: errorAnswer(error).errorCode };
    }
  });
}

const nothing = {
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  abortedTransactions: null,
  records: Buffer.alloc(0),
};

function readPartition(
  log: PartitionLog,
  position: FetchPosition,
  maxBytes: number,
  atLeastOne: boolean,
  committedOnly: boolean,
): FetchedPartition {
  const { fetchOffset, currentLeaderEpoch } = position;
  if (currentLeaderEpoch > leaderEpoch) {
    throw new RequestError('UNKNOWN_LEADER_EPOCH', `${log.name} is at leader epoch ${leaderEpoch}`);
  }
  if (fetchOffset < log.startOffset || fetchOffset > log.nextOffset) {
    throw new RequestError('OFFSET_OUT_OF_RANGE', `${log.name} has ${log.startOffset} to ${log.nextOffset}`);
  }
  const end = committedOnly ? log.lastStableOffset : log.nextOffset;
  const records = fetchOffset >= end ? nothing.records : log.read(fetchOffset, end, maxBytes, atLeastOne);
  return {
    position,
    errorCode: errorCode.NONE,
    highWatermark: log.nextOffset,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions: committedOnly ? abortedIn(log, fetchOffset, records) : null,
    records,
  };
}

function abortedIn(log: PartitionLog, from: number, records: Buffer): { producerId: number; firstOffset: number }[] {
  const candidates = log.abortedIn(from, log.nextOffset);
  if (candidates.length === 0 || records.length === 0) return [];
  const end = endOf(records);
  return candidates
    .filter(({ firstOffset }) => firstOffset < end)
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

/** The offset behind the last batch. */
function endOf(records: Buffer): number {
  let end = 0;
  for (let at = 0; at < records.length; ) {
    const info = readBatchInfo(records, at, records.length);
    if (info === undefined) break;
    end = lastOffsetOf(info) + 1;
    at += info.size;
  }
  return end;
}

/** Keeps what the client is told. Of an incremental answer, what it knows already is left out. */
function remember(
  session: FetchSession,
  fetched: readonly FetchedPartition[],
  incremental: boolean,
): FetchedPartition[] {
  return fetched.filter((partition) => {
    const key = placeKey(partition.position);
    const seen = session.seen.get(key);
    const { highWatermark, lastStableOffset, logStartOffset } = partition;
    session.seen.set(key, { highWatermark, lastStableOffset, logStartOffset });
    if (partition.records.length > 0) {
      // To the end of the line, so that one busy partition does not keep the others from being read.
      session.positions.delete(key);
      session.positions.set(key, partition.position);
      return true;
    }
    return !incremental || partition.errorCode !== errorCode.NONE || seen === undefined || differs(seen, partition);
  });
}

const differs = (one: SeenPartition, other: SeenPartition): boolean =>
  one.highWatermark !== other.highWatermark ||
  one.lastStableOffset !== other.lastStableOffset ||
  one.logStartOffset !== other.logStartOffset;

function byTopic(fetched: readonly FetchedPartition[]) {
  const topics = new Map<string, { topic: string; topicId: string; partitions: ReturnType<typeof answerOf>[] }>();
  for (const partition of fetched) {
    const { topic, topicId } = partition.position;
    const key = `${topic}/${topicId}`;
    let entry = topics.get(key);
    if (entry === undefined) {
      entry = { topic, topicId, partitions: [] };
      topics.set(key, entry);
    }
    entry.partitions.push(answerOf(partition));
  }
  return [...topics.values()];
}

function answerOf({ position, ...partition }: FetchedPartition) {
  return { partitionIndex: position.partition, ...partition };
}
