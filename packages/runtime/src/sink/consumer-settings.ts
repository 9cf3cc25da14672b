import type { RawSettings } from '@millrace/kafka';
import type { TaskSpec } from '../task/task-spec.ts';
import type { BatchLimits } from './fetched-batch.ts';
import { sinkMemberName } from './sink-members.ts';

export interface SinkConsumer {
  /** Complete, for the consumer. */
  readonly settings: RawSettings;
  readonly memberName: string;
  /** How much is put at once. */
  readonly limits: BatchLimits;
  /** A poll waits no longer, so that the member is seen to make progress. */
  readonly longestPollMs: number;
}

const mebibyte = 1024 * 1024;

/**
 * What the task's consumer is made with. A fetch is at most a quarter of the task's buffer: one is waiting, one is under way
 * and one is being put. Sizes that the user sets stand. A batch that is larger than any of them still comes through.
 */
export function sinkConsumer({ id, clients, settings: { bufferBytes } }: TaskSpec): SinkConsumer {
  const stated = clients.consumer ?? {};
  const memberName = stated['group.instance.id'] ?? sinkMemberName(id);
  const share = Math.min(50 * mebibyte, Math.max(mebibyte / 16, Math.floor(bufferBytes / 4)));
  const fetchBytes = numberOf(stated['fetch.max.bytes'], share);
  const settings: RawSettings = {
    'fetch.max.bytes': fetchBytes,
    'max.partition.fetch.bytes': Math.min(mebibyte, fetchBytes),
    ...stated,
    'group.instance.id': memberName,
  };
  return {
    settings,
    memberName: String(memberName),
    limits: { records: numberOf(stated['max.poll.records'], 500), bytes: fetchBytes },
    longestPollMs: Math.max(1, Math.floor(numberOf(stated['max.poll.interval.ms'], 300_000) / 3)),
  };
}

/** Texts that are no numbers are refused by the client, with their name. */
function numberOf(value: RawSettings[string], otherwise: number): number {
  const number = value === undefined || value === null ? Number.NaN : Number(value);
  return number > 0 ? number : otherwise;
}
