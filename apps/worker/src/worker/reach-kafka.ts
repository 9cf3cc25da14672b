import { withDeadline } from '@millrace/api';
import { createAdmin } from '@millrace/kafka';
import { messageOf, StartError } from '../command.ts';

const reachMs = 15_000;

/** Asks Kafka who it is. @throws StartError that names the address and where it stands. */
export async function reachKafka(properties: Readonly<Record<string, string>>, file: string): Promise<void> {
  const servers = properties['bootstrap.servers'] ?? '';
  const own = Object.entries(properties).filter(([key]) => !/^(?:producer|consumer|admin)\./.test(key));
  const admin = createAdmin({ settings: Object.fromEntries(own) });
  try {
    await withDeadline({ waitingFor: 'Kafka to answer', milliseconds: reachMs }, () => admin.clusterId());
  } catch (cause) {
    const reason = messageOf(cause);
    throw new StartError(
      `Kafka does not answer at ${servers}: ${reason} Start it, or correct bootstrap.servers and the security settings in ${file}.`,
      { cause },
    );
  } finally {
    await admin.close();
  }
}
