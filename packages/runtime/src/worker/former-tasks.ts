import { withDeadline } from '@millrace/api';
import { type Admin, createAdmin } from '@millrace/kafka';
import { transactionalId } from '../config/client-settings.ts';
import type { LogLine } from '../host/host-messages.ts';
import { removeSinkMembers } from '../sink/sink-members.ts';
import type { TaskSpec } from '../task/task-spec.ts';

/** Their session ends by itself, too: nobody waits long for brokers that are not there. */
const removeMs = 5000;

/** Ends transactions that tasks may have open which are no more: from `first` on, before `end`. */
export async function fenceFormerTasks(spec: TaskSpec, groupId: string, first: number, end: number): Promise<void> {
  const ids: string[] = [];
  for (let task = first; task < end; task++) ids.push(transactionalId(groupId, { ...spec.id, task }));
  if (ids.length === 0) return;
  await withAdmin(spec, async (admin) => {
    const outcomes = await admin.fenceProducers(ids);
    for (const error of outcomes.values()) if (error !== undefined) throw error;
  });
}

/** Takes sink tasks that are no more out of the consumer group. What fails is logged: their session ends by itself. */
export async function removeFormerMembers(spec: TaskSpec, tasks: number, log: (line: LogLine) => void): Promise<void> {
  const { clients, id } = spec;
  const { consumer } = clients;
  if (consumer === undefined) return;
  try {
    await withAdmin(spec, (admin) =>
      withDeadline({ waitingFor: 'the group to let them go', milliseconds: removeMs }, () =>
        removeSinkMembers({ admin, connector: id.connector, consumer, tasks }),
      ),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Former tasks could not be taken out of the consumer group; their partitions are not read until their session ends: ${reason}`;
    log({ level: 'warn', message, fields: { connector: id.connector } });
  }
}

async function withAdmin(spec: TaskSpec, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = createAdmin({ settings: spec.clients.admin });
  try {
    await work(admin);
  } finally {
    await admin.close();
  }
}
