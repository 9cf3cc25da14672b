import { join } from 'node:path';
import { makeCertificates, OPENSSL } from '../certificates.ts';
import { defineService, HOST } from '../definition.ts';
import { countBrokers } from '../probes.ts';
import { installPrograms } from '../programs.ts';
import { versions } from '../versions.ts';
import { proxyEnvironment, proxyListener } from './kafka.ts';
import {
  installKafka,
  KAFKA_USER,
  type KafkaListener,
  kafkaClassPath,
  kafkaInstallation,
  prepareKafkaNode,
} from './kafka-node.ts';

const listeners = (port: number): readonly KafkaListener[] => [
  { name: 'SSL', port: port + 2, protocol: 'SSL' },
  { name: 'SASLPLAIN', port: port + 3, protocol: 'SASL_PLAINTEXT' },
  { name: 'SASLSSL', port: port + 4, protocol: 'SASL_SSL' },
];

export const kafkaSecure = defineService({
  description: 'Apache Kafka, one node with SSL, SASL_PLAINTEXT and SASL_SSL (PLAIN, SCRAM)',
  version: versions.kafka,
  options: { heap: '512m', log: 'WARN', proxy: '' },
  settings: 'a line of server.properties',
  address: 'KAFKA_BOOTSTRAP',
  ports: ({ proxy }) => [0, 1, 2, 3, 4, ...(proxy === '' ? [] : [5])],
  installation: kafkaInstallation,
  install: async () => {
    await installPrograms(OPENSSL);
    await installKafka();
  },
  prepare: async ({ directory, port, options: { heap, log, proxy }, settings }) => {
    const tls = join(directory, 'tls');
    await makeCertificates(tls);
    const all = [...listeners(port), ...proxyListener(port, proxy)];
    const properties = [...Object.entries(securityProperties(tls)), ...settings];
    return [
      await prepareKafkaNode({
        name: 'kafka',
        id: 1,
        directory,
        port,
        cluster: [port],
        listeners: all,
        heap,
        log,
        properties,
        scram: true,
      }),
    ];
  },
  ready: async ({ port }) => (await countBrokers(port)) >= 1,
  env: ({ port, directory, options }) => ({
    KAFKA_BOOTSTRAP: `${HOST}:${port}`,
    KAFKA_SSL_BOOTSTRAP: `${HOST}:${port + 2}`,
    KAFKA_SASL_PLAINTEXT_BOOTSTRAP: `${HOST}:${port + 3}`,
    KAFKA_SASL_SSL_BOOTSTRAP: `${HOST}:${port + 4}`,
    KAFKA_USERNAME: KAFKA_USER.username,
    KAFKA_PASSWORD: KAFKA_USER.password,
    KAFKA_CA: join(directory, 'tls', 'ca.pem'),
    KAFKA_CERT: join(directory, 'tls', 'client.pem'),
    KAFKA_KEY: join(directory, 'tls', 'client.key'),
    KAFKA_CLASSPATH: kafkaClassPath(),
    ...proxyEnvironment(port, options.proxy),
  }),
});

/** Client certificates are asked for and not required: `ssl.client.auth=required` demands them. */
function securityProperties(tls: string): Record<string, string> {
  const security = 'org.apache.kafka.common.security';
  const { username, password } = KAFKA_USER;
  const plain = `${security}.plain.PlainLoginModule required username="admin" password="admin-secret" user_${username}="${password}";`;
  const scram = `${security}.scram.ScramLoginModule required;`;
  const logins = ['saslplain', 'saslssl'].flatMap((listener) => [
    [`listener.name.${listener}.plain.sasl.jaas.config`, plain],
    ...['256', '512'].map((size) => [`listener.name.${listener}.scram-sha-${size}.sasl.jaas.config`, scram]),
  ]);
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(tls, 'server.all.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(tls, 'ca.pem'),
    'ssl.client.auth': 'requested',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...Object.fromEntries(logins),
  };
}
