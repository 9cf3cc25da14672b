import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defineService, HOST } from '../definition.ts';
import { countBrokers } from '../probes.ts';
import { versions } from '../versions.ts';
import { installKafka, kafkaClassPath, kafkaInstallation, prepareKafkaNode } from './kafka-node.ts';

/** Processes node1, node2 and node3. */
const nodes = (port: number) => [1, 2, 3].map((id) => ({ id, name: `node${id}`, port: port + (id - 1) * 10 }));

export const kafka3 = defineService({
  description: 'Apache Kafka, three KRaft nodes',
  version: versions.kafka,
  options: { heap: '384m', log: 'WARN' },
  settings: 'a line of every server.properties',
  address: 'KAFKA_BOOTSTRAP',
  // The last node to go has no quorum left and would wait for it.
  stopTimeout: 5_000,
  ports: () => nodes(0).flatMap(({ port }) => [port, port + 1]),
  installation: kafkaInstallation,
  install: installKafka,
  prepare: ({ directory, port, options: { heap, log }, settings }) => {
    const cluster = nodes(port).map((node) => node.port);
    return Promise.all(
      nodes(port).map(async (node) => {
        const own = join(directory, node.name);
        await mkdir(own);
        return prepareKafkaNode({
          ...node,
          directory: own,
          cluster,
          heap,
          log,
          properties: [['broker.rack', node.name], ...settings],
        });
      }),
    );
  },
  /** Every running node knows as many brokers as there are running nodes. */
  ready: async ({ port, isRunning }) => {
    const running = nodes(port).filter(({ name }) => isRunning(name));
    const known = await Promise.all(running.map((node) => countBrokers(node.port)));
    return known.every((count) => count >= running.length);
  },
  env: ({ port }) => ({
    KAFKA_BOOTSTRAP: nodes(port)
      .map((node) => `${HOST}:${node.port}`)
      .join(','),
    KAFKA_CLASSPATH: kafkaClassPath(),
  }),
});
