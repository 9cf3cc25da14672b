import { defineService, HOST } from '../definition.ts';
import { countBrokers } from '../probes.ts';
import { versions } from '../versions.ts';
import { installKafka, type KafkaListener, kafkaClassPath, kafkaInstallation, prepareKafkaNode } from './kafka-node.ts';

const PROXY_OFFSET = 5;

/** A listener that sends clients to another port, where a fault-injecting proxy stands in front of it. */
export function proxyListener(port: number, proxy: string): readonly KafkaListener[] {
  if (proxy === '') return [];
  return [{ name: 'PROXY', port: port + PROXY_OFFSET, protocol: 'PLAINTEXT', advertised: Number(proxy) }];
}

export function proxyEnvironment(port: number, proxy: string): { KAFKA_PROXY_UPSTREAM?: string } {
  return proxy === '' ? {} : { KAFKA_PROXY_UPSTREAM: `${HOST}:${port + PROXY_OFFSET}` };
}

export const kafka = defineService({
  description: 'Apache Kafka, one KRaft node',
  version: versions.kafka,
  options: { heap: '512m', log: 'WARN', proxy: '' },
  settings: 'a line of server.properties',
  address: 'KAFKA_BOOTSTRAP',
  ports: ({ proxy }) => (proxy === '' ? [0, 1] : [0, 1, PROXY_OFFSET]),
  installation: kafkaInstallation,
  install: installKafka,
  prepare: async ({ directory, port, options: { heap, log, proxy }, settings }) => {
    const listeners = proxyListener(port, proxy);
    const node = { name: 'kafka', id: 1, directory, port, cluster: [port], listeners, heap, log, properties: settings };
    return [await prepareKafkaNode(node)];
  },
  ready: async ({ port }) => (await countBrokers(port)) >= 1,
  env: ({ port, options }) => ({
    KAFKA_BOOTSTRAP: `${HOST}:${port}`,
    KAFKA_CLASSPATH: kafkaClassPath(),
    ...proxyEnvironment(port, options.proxy),
  }),
});
