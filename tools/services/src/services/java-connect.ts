import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { defineService, HOST } from '../definition.ts';
import { usageError } from '../errors.ts';
import { isOk } from '../probes.ts';
import { versions } from '../versions.ts';
import { installKafka, kafkaClassPath, kafkaInstallation, kafkaJava, toProperties } from './kafka-node.ts';

const MAIN_CLASSES = new Map([
  ['distributed', 'ConnectDistributed'],
  ['standalone', 'ConnectStandalone'],
]);

export const javaConnect = defineService({
  description: 'Apache Kafka Connect worker (Java), distributed or standalone: the peer to compare with',
  version: versions.kafka,
  options: { kafka: '', mode: 'distributed', heap: '512m', log: 'WARN', classpath: '' },
  settings: 'a line of worker.properties',
  needs: { kafka: 'kafka' },
  address: 'CONNECT_URL',
  ports: () => [0],
  installation: kafkaInstallation,
  install: installKafka,
  prepare: async ({ directory, port, options: { kafka, mode, heap, log, classpath }, settings }) => {
    const mainClass = MAIN_CLASSES.get(mode);
    if (mainClass === undefined) throw usageError(`java-connect: mode is distributed or standalone, not ${mode}`);
    const stores = mode === 'standalone' ? { 'offset.storage.file.filename': join(directory, 'offsets') } : DISTRIBUTED;
    const properties = { 'bootstrap.servers': kafka, ...COMMON, ...restProperties(port), ...stores };
    const configuration = join(directory, 'worker.properties');
    await writeFile(configuration, toProperties([...Object.entries(properties), ...settings]));
    const classPath = [classpath, kafkaClassPath()].filter((path) => path !== '').join(delimiter);
    const command = [
      ...(await kafkaJava(heap, log, classPath)),
      `org.apache.kafka.connect.cli.${mainClass}`,
      configuration,
    ];
    return [{ name: 'connect', command: command as [string, ...string[]] }];
  },
  ready: async ({ port }) =>
    (await isOk(`http://${HOST}:${port}/health`)) && (await isOk(`http://${HOST}:${port}/connectors`)),
  env: ({ port, options }) => ({
    CONNECT_URL: `http://${HOST}:${port}`,
    CONNECT_MODE: options.mode,
    CONNECT_KAFKA_BOOTSTRAP: options.kafka,
  }),
});

const restProperties = (port: number) => ({
  listeners: `http://${HOST}:${port}`,
  'rest.advertised.host.name': HOST,
  'rest.advertised.port': String(port),
});

const COMMON = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.flush.interval.ms': '2000',
  // The default, hybrid_warn, finds the same plugins, but reads the whole class path first: three times the start time.
  'plugin.discovery': 'service_load',
};

const DISTRIBUTED = {
  'group.id': 'connect-cluster',
  'config.storage.topic': 'connect-configs',
  'offset.storage.topic': 'connect-offsets',
  'status.storage.topic': 'connect-status',
  'config.storage.replication.factor': '1',
  'offset.storage.replication.factor': '1',
  'offset.storage.partitions': '5',
  'status.storage.replication.factor': '1',
  'status.storage.partitions': '3',
};
