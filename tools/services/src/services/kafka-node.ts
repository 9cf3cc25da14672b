import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST, type ProcessSpec } from '../definition.ts';
import { installedFolder, installOnce } from '../install.ts';
import { mavenLibraries, requireJava, requireJavaTools } from '../java.ts';
import { ownFile } from '../own-file.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';

const KAFKA_FOLDER = `kafka-${versions.kafka}`;
export const KAFKA_USER = { username: 'alice', password: 'alice-secret' };
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qg';

export interface KafkaListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** Where clients are sent to; default: `port`. */
  readonly advertised?: number;
}

export interface KafkaNode {
  readonly name: string;
  readonly id: number;
  readonly directory: string;
  /** Clients; the controller listens on the next one. */
  readonly port: number;
  /** The ports of all nodes. */
  readonly cluster: readonly number[];
  readonly listeners?: readonly KafkaListener[];
  readonly heap: string;
  readonly log: string;
  /** More lines of server.properties. */
  readonly properties?: Iterable<readonly [string, string]>;
  /** Knows KAFKA_USER by SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly scram?: boolean;
}

/**
 * The jars, and the two files that `kafka-storage format` writes: they depend on nothing but the version, so no start has to
 * wait for that JVM. Two folders, because one request may not change two SCRAM mechanisms of a user afterwards.
 */
export async function installKafka(): Promise<void> {
  const java = await requireJava();
  await installOnce(KAFKA_FOLDER, requireJavaTools, async (directory) => {
    const properties = { 'kafka.version': versions.kafka, 'log4j.version': versions.log4j };
    await mavenLibraries('kafka.pom.xml', join(directory, 'libs'), properties);
    const credentials = `name=${KAFKA_USER.username},password=${KAFKA_USER.password}`;
    const scram = ['256', '512'].flatMap((size) => ['--add-scram', `SCRAM-SHA-${size}=[${credentials}]`]);
    for (const [name, options] of [
      ['plain', []],
      ['scram', scram],
    ] as const) {
      const configuration = join(directory, `${name}.properties`);
      await writeFile(configuration, toProperties(formatProperties(join(directory, name))));
      const storageTool = ['-cp', join(directory, 'libs', '*'), 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID];
      await runCommand(java, ['-Xmx128m', ...storageTool, '-c', configuration, ...options]);
    }
  });
}

export const kafkaInstallation = (): string | undefined => installedFolder(KAFKA_FOLDER);
export const kafkaClassPath = (): string => join(kafkaInstallation() ?? '', 'libs', '*');

/** `java` with the Kafka class path and its log on standard output: without the log4j binding there would be none at all. */
export async function kafkaJava(
  heap: string,
  log: string,
  classPath: string = kafkaClassPath(),
): Promise<[string, ...string[]]> {
  const logging = [`-Dlog4j2.configurationFile=${ownFile('#data/log4j2.xml')}`, `-Dlog.level=${log}`];
  return [await requireJava(), '-XX:+UseSerialGC', `-Xmx${heap}`, '-Xms128m', ...logging, '-cp', classPath];
}

/** Writes a formatted, empty node, which is broker and controller. */
export async function prepareKafkaNode(node: KafkaNode): Promise<ProcessSpec> {
  const { directory, name, id, heap, log, scram = false, properties = [] } = node;
  const data = join(directory, 'data');
  await mkdir(data, { recursive: true });
  const checkpoint = join(kafkaInstallation() ?? '', scram ? 'scram' : 'plain', 'bootstrap.checkpoint');
  await copyFile(checkpoint, join(data, 'bootstrap.checkpoint'));
  // Kafka refuses directory ids that begin with a dash.
  const directoryId = `d${randomBytes(16).toString('base64url').slice(1, 21)}A`;
  const meta = { version: '1', 'cluster.id': CLUSTER_ID, 'node.id': String(id), 'directory.id': directoryId };
  await writeFile(join(data, 'meta.properties'), toProperties(Object.entries(meta)));
  const configuration = join(directory, 'server.properties');
  await writeFile(configuration, toProperties([...Object.entries(nodeProperties(node, data)), ...properties]));
  return { name, command: [...(await kafkaJava(heap, log)), 'kafka.Kafka', configuration] };
}

export function toProperties(entries: Iterable<readonly [string, string]>): string {
  return [...entries].map(([key, value]) => `${key}=${value}\n`).join('');
}

function nodeProperties({ id, port, cluster, listeners = [] }: KafkaNode, data: string): Record<string, string> {
  const plain: KafkaListener = { name: 'PLAINTEXT', port, protocol: 'PLAINTEXT' };
  const controller: KafkaListener = { name: 'CONTROLLER', port: port + 1, protocol: 'PLAINTEXT' };
  const clients = [plain, ...listeners];
  const all = [...clients, controller];
  const replication = String(cluster.length);
  const minimumInSync = cluster.length > 1 ? '2' : '1';
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': cluster.map((nodePort, index) => `${index + 1}@${HOST}:${nodePort + 1}`).join(','),
    listeners: all.map((listener) => `${listener.name}://${HOST}:${listener.port}`).join(','),
    'advertised.listeners': clients
      .map((listener) => `${listener.name}://${HOST}:${listener.advertised ?? listener.port}`)
      .join(','),
    'listener.security.protocol.map': all.map(({ name, protocol }) => `${name}:${protocol}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'default.replication.factor': replication,
    'offsets.topic.replication.factor': replication,
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': replication,
    'transaction.state.log.min.isr': minimumInSync,
    'transaction.state.log.num.partitions': '5',
    'share.coordinator.state.topic.replication.factor': replication,
    'share.coordinator.state.topic.min.isr': minimumInSync,
    'group.initial.rebalance.delay.ms': '0',
    // A killed broker stays fenced until its session ends; Kafka's default is 9 s.
    'broker.session.timeout.ms': '5000',
    'broker.heartbeat.interval.ms': '1000',
    'log.cleaner.dedupe.buffer.size': '16777216',
    'log.segment.bytes': '67108864',
  };
}

function formatProperties(data: string): [string, string][] {
  const node = { name: '', id: 1, directory: '', port: 1, cluster: [1], heap: '', log: '' };
  return Object.entries(nodeProperties(node, data));
}
