import { MillraceError } from '@millrace/api';
import { createReader, type FetchedRecords, type RawSettings } from '@millrace/kafka';
import { NumberCheck } from './number-check.ts';
import { numberAtEnd } from './number-in-text.ts';

export interface CheckTopicOptions {
  readonly bootstrapServers: string;
  readonly topic: string;
  /** Leaves out what transactions have not committed. Left out: yes. */
  readonly committed?: boolean;
  /** Partitions of the topic; 1 when left out. */
  readonly partitions?: number;
  readonly settings?: RawSettings;
  readonly signal?: AbortSignal;
}

/**
 * Counts the numbered records of a topic, up to its end. The key as text is the source, the digits at the end of the value
 * are the number.
 */
export async function checkTopic(options: CheckTopicOptions): Promise<NumberCheck> {
  const { bootstrapServers, topic, committed = true, partitions = 1, settings, signal } = options;
  const check = new NumberCheck();
  const reader = createReader({
    settings: {
      ...settings,
      'bootstrap.servers': bootstrapServers,
      'isolation.level': committed ? 'read_committed' : 'read_uncommitted',
    },
  });
  try {
    reader.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
    await reader.readToEnd((records) => addAll(records, check), signal === undefined ? {} : { signal });
  } finally {
    await reader.close();
  }
  return check;
}

function addAll(records: FetchedRecords, check: NumberCheck): void {
  const { record } = records;
  while (records.next()) {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd } = record;
    const number = numberAtEnd(buffer, valueStart, valueEnd);
    if (number < 0) {
      throw new MillraceError(
        `The record ${records.topic}-${records.partition}@${record.offset} has no number at its end.`,
      );
    }
    check.add(keyStart < 0 ? '' : buffer.toString('utf8', keyStart, keyEnd), number);
  }
}
