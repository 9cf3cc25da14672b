import { expect, test } from 'vitest';
import { createAdmin, createProducer } from '../../src/index.ts';

/** A port on which nobody listens. */
const nowhere = { 'bootstrap.servers': '127.0.0.1:1', 'reconnect.backoff.ms': 10, 'retry.backoff.ms': 10 };

test('records that reach no broker fail after delivery.timeout.ms, and flush ends', async () => {
  const producer = createProducer({ settings: { ...nowhere, 'delivery.timeout.ms': 100, 'retry.backoff.max.ms': 50 } });
  const appender = producer.appender('topic', 0);
  const writer = appender.begin(0);
  writer.key(null);
  writer.value(null);
  const codes: string[] = [];
  appender.end({ acknowledged: () => codes.push('acknowledged'), failed: (_delivery, { code }) => codes.push(code) });
  await producer.flush();
  expect(codes).toEqual(['DELIVERY_TIMEOUT']);
  await producer.close({ timeoutMs: 10 });
  await producer.close();
});

test('calls that reach no broker say so after default.api.timeout.ms', async () => {
  const admin = createAdmin({ settings: { ...nowhere, 'default.api.timeout.ms': 200 } });
  await expect(admin.listTopics()).rejects.toMatchObject({ code: 'NETWORK_EXCEPTION', retriable: true });
  await admin.close();
  await expect(admin.listTopics()).rejects.toMatchObject({ code: 'CLOSED' });
});
