import { describe, expect, it } from 'vitest';
import { type ClientSettingsOptions, clientSettings, transactionalId } from '../../src/config/client-settings.ts';

const id = { connector: 'lines', task: 3 };
const base: ClientSettingsOptions = {
  id,
  kind: 'source',
  worker: { 'bootstrap.servers': 'kafka:9092', 'group.id': 'workers', 'key.converter': 'x' },
  connector: { name: 'lines' },
  deadLetters: false,
};

describe('the producer of a source', () => {
  it('waits as long as it takes, and stays idempotent by itself', () => {
    expect(clientSettings(base).clients.producer).toEqual({
      'bootstrap.servers': 'kafka:9092',
      'client.id': 'connector-producer-lines-3',
      acks: 'all',
      'max.block.ms': '9223372036854775807',
      'delivery.timeout.ms': '2147483647',
    });
  });

  it('takes the word of the worker over the default, and that of the connector over both', () => {
    const { producer } = clientSettings({
      ...base,
      worker: { ...base.worker, 'producer.acks': '1', 'producer.linger.ms': '5', 'producer.client.id': 'mine' },
      connector: { 'producer.override.linger.ms': '100', 'producer.override.bootstrap.servers': 'other:9092' },
    }).clients;
    expect(producer).toMatchObject({
      acks: '1',
      'linger.ms': '100',
      'client.id': 'mine',
      'bootstrap.servers': 'other:9092',
    });
  });

  it('cannot be turned away from exactly once, and says so', () => {
    const { clients, warnings } = clientSettings({
      ...base,
      transactionalId: transactionalId('workers', id),
      connector: { 'producer.override.enable.idempotence': 'false', 'producer.override.transactional.id': 'mine' },
    });
    expect(clients.producer).toMatchObject({ 'enable.idempotence': 'true', 'transactional.id': 'workers-lines-3' });
    expect(warnings).toEqual([
      "The value 'false' for the 'enable.idempotence' property will be ignored as it cannot be overridden for connectors when exactly-once source support is enabled. The value 'true' will be used instead.",
      "The value 'mine' for the 'transactional.id' property will be ignored as it cannot be overridden for connectors when exactly-once source support is enabled. The value 'workers-lines-3' will be used instead.",
    ]);
  });
});

describe('the consumer', () => {
  it('of a sink is in the group of its connector', () => {
    const { clients } = clientSettings({ ...base, kind: 'sink' });
    expect(clients.producer).toBeUndefined();
    expect(clients.consumer).toEqual({
      'bootstrap.servers': 'kafka:9092',
      'client.id': 'connector-consumer-lines-3',
      'group.id': 'connect-lines',
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': 'false',
    });
  });

  it('takes the word of the worker, and that of the connector over it', () => {
    const { consumer } = clientSettings({
      ...base,
      kind: 'sink',
      worker: { ...base.worker, 'consumer.auto.offset.reset': 'latest', 'consumer.max.poll.records': '7' },
      connector: { 'consumer.override.group.id': 'mine', 'consumer.override.max.poll.records': '9' },
    }).clients;
    expect(consumer).toMatchObject({ 'group.id': 'mine', 'auto.offset.reset': 'latest', 'max.poll.records': '9' });
  });

  it('of a source has no group', () => {
    expect(clientSettings(base).clients.consumer).not.toHaveProperty('group.id');
  });
});

describe('the admin client', () => {
  it('connects as the worker does, and knows nothing of the rest of its configuration', () => {
    const worker = {
      ...base.worker,
      'security.protocol': 'SSL',
      'ssl.truststore.location': '/t.pem',
      'retry.backoff.ms': '1',
      'client.id': 'worker',
      'admin.retry.backoff.ms': '2',
      'producer.acks': '1',
    };
    const connector = { 'admin.override.request.timeout.ms': '9' };
    expect(clientSettings({ ...base, worker, connector }).clients.admin).toEqual({
      'bootstrap.servers': 'kafka:9092',
      'client.id': 'connector-adminclient-lines-3',
      'security.protocol': 'SSL',
      'ssl.truststore.location': '/t.pem',
      'retry.backoff.ms': '2',
      'request.timeout.ms': '9',
    });
  });
});

describe('the producer of the dead letter queue', () => {
  it('is there where it is needed', () => {
    expect(clientSettings(base).clients.deadLetterProducer).toBeUndefined();
  });

  it('has its own client id, the limits of a producer, and never a transaction', () => {
    const connector = { 'producer.override.compression.type': 'zstd', 'producer.override.transactional.id': 'mine' };
    const { deadLetterProducer } = clientSettings({ ...base, kind: 'sink', deadLetters: true, connector }).clients;
    expect(deadLetterProducer).toEqual({
      'bootstrap.servers': 'kafka:9092',
      'client.id': 'connector-dlq-producer-lines-3',
      acks: 'all',
      'compression.type': 'zstd',
    });
  });
});
