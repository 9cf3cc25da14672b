import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { consumeLines, expectLoopbackOnly, portOf, produceLines, temporaryDirectory } from './support.ts';

describeService('kafka-secure', (kafka) => {
  afterAll(() => kafka.stop());

  const clientConfig = async (entries: Record<string, string>): Promise<string> => {
    const file = join(await temporaryDirectory(), 'client.properties');
    await writeFile(
      file,
      Object.entries(entries)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    return file;
  };
  const truststore = () => ({ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': kafka.env.KAFKA_CA });
  const login = (module: string) => {
    const { KAFKA_USERNAME, KAFKA_PASSWORD } = kafka.env;
    const name = `org.apache.kafka.common.security.${module}`;
    return { 'sasl.jaas.config': `${name} required username="${KAFKA_USERNAME}" password="${KAFKA_PASSWORD}";` };
  };

  test('shows a certificate that the authority vouches for', async () => {
    const ca = await readFile(kafka.env.KAFKA_CA);
    const socket = connect({ host: '127.0.0.1', port: portOf(kafka.env.KAFKA_SSL_BOOTSTRAP), ca });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
    await expectLoopbackOnly(portOf(kafka.address));
  });

  test('what comes in through PLAIN goes out through SCRAM over TLS', async () => {
    const { KAFKA_CLASSPATH, KAFKA_SASL_PLAINTEXT_BOOTSTRAP, KAFKA_SASL_SSL_BOOTSTRAP } = kafka.env;
    const plain = {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      ...login('plain.PlainLoginModule'),
    };
    const producer = ['--command-config', await clientConfig(plain)];
    await produceLines(KAFKA_CLASSPATH, KAFKA_SASL_PLAINTEXT_BOOTSTRAP, 'letters', ['a'], ...producer);
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
      const scram = {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': mechanism,
        ...login('scram.ScramLoginModule'),
        ...truststore(),
      };
      const consumer = ['--command-config', await clientConfig(scram)];
      expect(await consumeLines(KAFKA_CLASSPATH, KAFKA_SASL_SSL_BOOTSTRAP, 'letters', 1, ...consumer)).toEqual(['a']);
    }
  });
});
