import { createAdmin, createConsumer, createProducer, createReader, type DeliveryTarget } from '../../src/index.ts';
import { footprint, type Measurement, measuredRecords } from './footprint.ts';

const value = Buffer.alloc(100, 'x');
const settings = { 'bootstrap.servers': process.argv[2]!, 'linger.ms': 5, 'group.id': 'footprint' };
const producer = createProducer({ settings });
const reader = createReader({ settings });
await producer.loadTopic('footprint');
const appender = producer.appender('footprint', 0);

async function produceAll(count: number): Promise<void> {
  let acknowledged = 0;
  const target: DeliveryTarget = {
    acknowledged: (delivery) => {
      acknowledged += delivery.count;
    },
    failed: (_, error) => {
      throw error;
    },
  };
  for (let index = 0; index < count; index++) {
    if (!producer.hasRoom) await producer.room();
    const writer = appender.begin(1_700_000_000_000);
    writer.key(null);
    writer.value(value);
    appender.end(target, index);
  }
  await producer.flush();
  if (acknowledged !== count) throw new Error(`${acknowledged} of ${count} records were acknowledged`);
}

async function consumeAll(count: number): Promise<void> {
  reader.seek('footprint', 0, 0);
  let bytes = 0;
  for (let seen = 0; seen < count; ) {
    for (const batch of await reader.poll(10_000)) {
      while (seen < count && batch.next()) {
        bytes += batch.record.valueEnd - batch.record.valueStart;
        seen++;
      }
    }
  }
  if (bytes !== count * value.length) throw new Error(`${bytes} bytes were read`);
}

// Once unmeasured: what is compiled and grown to its size stays.
await produceAll(measuredRecords);
reader.assign([{ topic: 'footprint', partition: 0, offset: 0 }]);
await consumeAll(measuredRecords);
const produce = await footprint(() => produceAll(measuredRecords));
const consume = await footprint(() => consumeAll(measuredRecords));

const admin = createAdmin({ settings });
await admin.listTopics();
const consumer = createConsumer({ settings });
await consumer.start({ topics: ['footprint'] });
await consumer.poll(100);
await Promise.all([producer, reader, admin, consumer].map((client) => client.close()));
// Sockets that were destroyed are gone a few turns later.
for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
const resources = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
const measurement: Measurement = { produce, consume, resources };
process.stdout.write(JSON.stringify(measurement));
