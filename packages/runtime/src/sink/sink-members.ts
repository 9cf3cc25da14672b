import { createHash } from 'node:crypto';
import { type Admin, KafkaError, type RawSettings } from '@millrace/kafka';
import type { TaskId } from '../task/task-spec.ts';

/**
 * `group.instance.id` of a sink task, unless the user sets one: the same wherever the task runs, so that it takes over its
 * partitions at once when it starts again elsewhere.
 */
export function sinkMemberName({ connector, task }: TaskId): string {
  return `${memberPrefix(connector)}${task}`;
}

export interface RemoveSinkMembersOptions {
  readonly admin: Admin;
  readonly connector: string;
  /** As the connector's tasks have them: `group.id`, and `group.instance.id` where the user sets it. */
  readonly consumer: RawSettings;
  /** How many tasks the connector still has: 0 when it is stopped or deleted. */
  readonly tasks: number;
}

/**
 * Takes tasks that no longer exist out of the connector's group. Static members stay in it when they are closed: without
 * this nobody would read their partitions until their session ends, and offsets of the group could not be changed. The
 * tasks have to be stopped before: one that still runs would join again.
 */
export async function removeSinkMembers(options: RemoveSinkMembersOptions): Promise<void> {
  const { admin, connector, consumer, tasks } = options;
  const groupId = String(consumer['group.id']).trim();
  const own = consumer['group.instance.id'];
  const prefix = memberPrefix(connector);
  const isGone = (name: string): boolean => {
    if (own !== undefined && own !== null) return tasks === 0 && name === String(own).trim();
    const task = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return /^\d+$/.test(task) && Number(task) >= tasks;
  };
  const members = await membersOf(admin, groupId);
  const gone = members.filter(isGone);
  if (gone.length === 0) return;
  for (const error of (await admin.removeGroupMembers(groupId, gone)).values()) if (error !== undefined) throw error;
}

async function membersOf(admin: Admin, groupId: string): Promise<readonly string[]> {
  try {
    const { members } = await admin.describeGroup(groupId);
    return members.flatMap(({ instanceId }) => (instanceId === null ? [] : [instanceId]));
  } catch (error) {
    if (KafkaError.isInstance(error) && error.code === 'GROUP_ID_NOT_FOUND') return [];
    throw error;
  }
}

/** Kafka takes letters, digits, `.`, `_` and `-`, 249 at most; any other name is told from its likes by a hash. */
function memberPrefix(connector: string): string {
  if (/^[\w.-]{1,200}$/.test(connector)) return `connect-${connector}-`;
  const hash = createHash('sha256').update(connector).digest('hex').slice(0, 16);
  return `connect-${connector.slice(0, 100).replace(/[^\w.-]/g, '_')}-${hash}-`;
}
