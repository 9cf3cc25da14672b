import { type Broker, startBroker } from '@millrace/broker';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createConsumer, type GroupConsumer, type RebalanceListener } from '../../src/index.ts';
import { append, Clients, uniqueName } from '../contract/target.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ autoCreateTopics: true });
});
afterAll(() => broker.close());
const clients = new Clients({ name: 'the embedded broker', bootstrap: () => broker.bootstrap });
afterEach(() => clients.close());

async function consumer(listener: RebalanceListener): Promise<GroupConsumer> {
  const topic = uniqueName('listener');
  const producer = clients.producer();
  await producer.loadTopic(topic);
  append(producer, topic, 0, 'v');
  await producer.flush();
  const group = { 'group.id': topic, 'auto.offset.reset': 'earliest', 'heartbeat.interval.ms': 50 };
  const started = createConsumer(clients.options(group));
  await started.start({ topics: [topic] }, listener);
  return started;
}

const opened = new Error('the table is not there');
const refusal = (event: string): object => ({
  code: 'REBALANCE_LISTENER_FAILED',
  retriable: false,
  message: expect.stringMatching(new RegExp(`^The rebalance listener of group listener-.* ${event}: the table`)),
  cause: opened,
});

test('what a listener throws when it gets partitions, poll throws, once; the records are still there', async () => {
  const consuming = await consumer({ assigned: () => Promise.reject(opened) });
  await expect(consuming.poll(5_000)).rejects.toMatchObject(refusal('assigned'));
  const values: string[] = [];
  for (let tries = 0; tries < 3 && values.length === 0; tries++) {
    for (const records of await consuming.poll(5_000)) {
      while (records.next()) values.push(records.record.buffer.toString('utf8', records.record.valueStart));
    }
  }
  expect(values).toHaveLength(1);
  await consuming.close();
});

test('what it throws when it gives them up at the end, close throws, after everything is closed', async () => {
  const consuming = await consumer({
    revoked: () => {
      throw opened;
    },
  });
  await expect(consuming.close()).rejects.toMatchObject(refusal('revoked'));
  await consuming.close();
  await expect(consuming.poll(0)).rejects.toMatchObject({ code: 'CLOSED' });
});
