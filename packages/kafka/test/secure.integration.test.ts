import { readFileSync } from 'node:fs';
import { describeService, type Service } from '@millrace/services';
import { afterAll, afterEach, expect, test } from 'vitest';
import { kafkaContract } from './contract/contract.ts';
import { Clients, readAll, uniqueName } from './contract/target.ts';

const login = (kind: 'Plain' | 'Scram', service: Service<'kafka-secure'>, password?: string): string => {
  const { KAFKA_USERNAME, KAFKA_PASSWORD } = service.env;
  const module = `org.apache.kafka.common.security.${kind.toLowerCase()}.${kind}LoginModule`;
  return `${module} required username="${KAFKA_USERNAME}" password="${password ?? KAFKA_PASSWORD}";`;
};

describeService('kafka-secure', (kafka) => {
  let opened: Clients | undefined;
  const clientsAt = (bootstrap: string): Clients => {
    opened = new Clients({ name: 'kafka-secure', bootstrap: () => bootstrap });
    return opened;
  };
  afterEach(() => opened?.close());
  afterAll(() => kafka.stop());

  const roundTrip = async (bootstrap: string, settings: Record<string, string>): Promise<unknown> => {
    const clients = clientsAt(bootstrap);
    const topic = uniqueName('secure');
    await clients.admin(settings).createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
    await clients.producer(settings).send({ topic, value: Buffer.from('v') });
    return (await readAll(clients.reader(settings), topic)).map(({ value }) => value);
  };
  const trust = (): Record<string, string> => ({
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': kafka.env.KAFKA_CA,
  });

  test('TLS, with and without a certificate of the client', async () => {
    const settings = { 'security.protocol': 'SSL', ...trust() };
    expect(await roundTrip(kafka.env.KAFKA_SSL_BOOTSTRAP, settings)).toEqual(['v']);
    await opened?.close();
    const mutual = {
      ...settings,
      'ssl.truststore.location': '',
      'ssl.truststore.certificates': readFileSync(kafka.env.KAFKA_CA, 'utf8'),
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': readFileSync(kafka.env.KAFKA_CERT, 'utf8'),
      'ssl.keystore.key': readFileSync(kafka.env.KAFKA_KEY, 'utf8'),
    };
    expect(await roundTrip(kafka.env.KAFKA_SSL_BOOTSTRAP, mutual)).toEqual(['v']);
  });

  test('a broker whose certificate is not trusted is refused at once', async () => {
    const admin = clientsAt(kafka.env.KAFKA_SSL_BOOTSTRAP).admin({ 'security.protocol': 'SSL' });
    await expect(admin.listTopics()).rejects.toMatchObject({ code: 'SSL_AUTHENTICATION_FAILED', retriable: false });
  });

  test.each([
    ['PLAIN', 'Plain'],
    ['SCRAM-SHA-256', 'Scram'],
    ['SCRAM-SHA-512', 'Scram'],
  ] as const)('SASL %s over TLS and without', async (mechanism, module) => {
    const sasl = { 'sasl.mechanism': mechanism, 'sasl.jaas.config': login(module, kafka) };
    const plain = { 'security.protocol': 'SASL_PLAINTEXT', ...sasl };
    expect(await roundTrip(kafka.env.KAFKA_SASL_PLAINTEXT_BOOTSTRAP, plain)).toEqual(['v']);
    await opened?.close();
    const tls = { 'security.protocol': 'SASL_SSL', ...sasl, ...trust() };
    expect(await roundTrip(kafka.env.KAFKA_SASL_SSL_BOOTSTRAP, tls)).toEqual(['v']);
  });

  test.each([
    ['PLAIN', 'Plain'],
    ['SCRAM-SHA-512', 'Scram'],
  ] as const)('a wrong password by SASL %s is an error at once, and not shown', async (mechanism, module) => {
    const admin = clientsAt(kafka.env.KAFKA_SASL_PLAINTEXT_BOOTSTRAP).admin({
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': mechanism,
      'sasl.jaas.config': login(module, kafka, 'wrong-secret'),
    });
    const error = await admin.listTopics().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', retriable: false });
    expect(String(error)).not.toContain('wrong-secret');
  });

  kafkaContract({
    name: 'Apache Kafka over TLS with SCRAM',
    bootstrap: () => kafka.env.KAFKA_SASL_SSL_BOOTSTRAP,
    settings: () => ({
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': login('Scram', kafka),
      ...trust(),
    }),
  });
});
