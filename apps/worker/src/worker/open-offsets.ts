import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import { createKafkaOffsetStore, type Log, type OffsetStore } from '@millrace/runtime';

export interface KafkaOffsetsOptions {
  readonly properties: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly log: Log;
}

/** A store of source offsets in a topic of one partition, as a single broker needs it. */
export async function openKafkaOffsets({ properties, topic, log }: KafkaOffsetsOptions): Promise<OffsetStore> {
  const { 'bootstrap.servers': servers = '' } = properties;
  const settings = { 'bootstrap.servers': servers, 'isolation.level': 'read_committed' };
  const clients = {
    admin: createAdmin({ settings }),
    reader: createReader({ settings }),
    producer: createProducer({ settings }),
  };
  const logger = log.logger('millrace.offsets');
  const store = createKafkaOffsetStore({ topic, partitions: 1, replicationFactor: 1, clients, log: logger });
  try {
    await store.start();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
