import { MillraceError, withDeadline } from '@millrace/api';
import { type Admin, type CommittedOffset, createAdmin, type RawSettings } from '@millrace/kafka';
import type { OffsetAlteration } from '../host/host-messages.ts';
import type { ConnectorOffset } from './herder.ts';
import { badRequest } from './herder-errors.ts';

/** Where a sink's offsets are: in its consumer group. */
export interface SinkGroup {
  readonly connector: string;
  readonly groupId: string;
  readonly settings: RawSettings;
}

type SinkOffset = Extract<OffsetAlteration, { readonly offset: number | null }>;

export async function readSinkOffsets(group: SinkGroup): Promise<readonly ConnectorOffset[]> {
  const offsets = await withAdmin(group, (admin) => admin.listGroupOffsets(group.groupId));
  return offsets.map(({ topic, partition, offset }) => ({
    partition: { kafka_partition: partition, kafka_topic: topic },
    offset: { kafka_offset: offset },
  }));
}

/** What a user asks for, as partitions of Kafka. @throws MillraceError in Java's words for what is no offset of a sink. */
export function parseSinkOffsets(changes: readonly ConnectorOffset[]): readonly SinkOffset[] {
  return changes.map(({ partition, offset }) => {
    const topic = partition['kafka_topic'];
    const number = partition['kafka_partition'];
    if (topic === undefined || number === undefined) {
      throw badRequest(
        "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'",
      );
    }
    if (topic === null || number === null) {
      throw badRequest(
        'Kafka topic names and partitions must be valid strings and numbers respectively and may not be null',
      );
    }
    const parsed = { topic: String(topic), partition: integer(number, 'partition') };
    if (offset === null) return { partition: parsed, offset: null };
    const at = offset['kafka_offset'];
    if (at === undefined) {
      throw badRequest("The offset for a sink connector should either be null or contain the key 'kafka_offset'");
    }
    if (at === null) throw badRequest('Kafka offsets must be valid numbers and may not be null');
    return { partition: parsed, offset: integer(at, 'offset') };
  });
}

/** Changes the consumer group, which must have no members. */
export async function alterSinkOffsets(group: SinkGroup, changes: readonly SinkOffset[]): Promise<void> {
  const set: CommittedOffset[] = [];
  const forgotten = changes.filter(({ offset }) => offset === null).map(({ partition }) => partition);
  for (const { partition, offset } of changes) {
    if (offset === null) continue;
    if (offset < 0) throw new MillraceError(`Failed to modify offsets for sink connector ${group.connector}`);
    set.push({ ...partition, offset });
  }
  await withAdmin(group, async (admin) => {
    await requirePartitions(admin, group, set);
    if (set.length > 0) await told('alter', group, admin.alterGroupOffsets(group.groupId, set));
    if (forgotten.length > 0) await told('delete', group, admin.deleteGroupOffsets(group.groupId, forgotten));
  });
}

/** Deletes the consumer group; one that is not there is gone already. */
export async function resetSinkOffsets(group: SinkGroup): Promise<void> {
  await withAdmin(group, async (admin) => {
    const offsets = await admin.listGroupOffsets(group.groupId);
    if (offsets.length === 0) return;
    const error = (await admin.deleteGroups([group.groupId])).get(group.groupId);
    if (error !== undefined) await told('delete', group, Promise.reject(error));
  });
}

/** The broker would say so too, but the client would try again until its time is over. */
async function requirePartitions(
  admin: Admin,
  { connector }: SinkGroup,
  offsets: readonly CommittedOffset[],
): Promise<void> {
  if (offsets.length === 0) return;
  const topics = await admin.describeTopics([...new Set(offsets.map(({ topic }) => topic))]);
  for (const { topic, partition } of offsets) {
    if (topics.get(topic)?.partitions.some((one) => one.partition === partition)) continue;
    throw new MillraceError(`Failed to alter consumer group offsets for connector ${connector}`, {
      cause: new MillraceError(`There is no partition ${partition} of topic ${topic}.`),
    });
  }
}

const adminMs = 60_000;

async function withAdmin<T>({ connector, settings }: SinkGroup, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createAdmin({ settings });
  try {
    const waitingFor = `Kafka to change or read the offsets of connector ${connector}`;
    return await withDeadline({ waitingFor, milliseconds: adminMs }, () => work(admin));
  } finally {
    await admin.close();
  }
}

async function told(what: 'alter' | 'delete', { connector }: SinkGroup, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new MillraceError(`Failed to ${what} consumer group offsets for connector ${connector}`, { cause });
  }
}

function integer(value: unknown, what: 'partition' | 'offset'): number {
  const text = String(value);
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  const [title, plural] = what === 'partition' ? ['Kafka partition', 'Partition'] : ['Kafka offset', 'Offset'];
  throw badRequest(
    `Failed to parse the following ${title} value in the provided offsets: '${text}'. ${plural} values for sink connectors need to be integers.`,
  );
}
