import type { CompressionCodec } from '@millrace/protocol';
import type { KafkaLog } from './log.ts';
import { readSasl, type SaslSettings } from './sasl.ts';
import { type RawSettings, SettingReader } from './setting-reader.ts';
import { readTls, type TlsSettings } from './tls.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** What every client needs to reach a cluster. */
export interface ConnectionSettings {
  readonly bootstrap: readonly BrokerAddress[];
  readonly clientId: string;
  readonly tls: TlsSettings | undefined;
  readonly sasl: SaslSettings | undefined;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
  readonly connectionsMaxIdleMs: number;
  readonly apiTimeoutMs: number;
}

export interface ProducerSettings extends ConnectionSettings {
  readonly acks: 0 | 1 | -1;
  readonly idempotent: boolean;
  readonly transactionalId: string | undefined;
  readonly transactionTimeoutMs: number;
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly compression: CompressionCodec;
  readonly compressionLevel: number | undefined;
  readonly maxInFlight: number;
  readonly retries: number;
  readonly deliveryTimeoutMs: number;
  readonly maxBlockMs: number;
  readonly bufferMemory: number;
  readonly maxRequestSize: number;
}

type OffsetReset = 'earliest' | 'latest' | 'none';
export type IsolationLevel = 'read_committed' | 'read_uncommitted';
export type AssignorName = 'range' | 'roundrobin' | 'cooperative-sticky';

export interface ReaderSettings extends ConnectionSettings {
  readonly isolation: IsolationLevel;
  readonly offsetReset: OffsetReset;
  readonly fetchMinBytes: number;
  readonly fetchMaxBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly partitionMaxBytes: number;
  readonly maxPollRecords: number;
  readonly checkCrcs: boolean;
  /** Where this client stands: followers in the same rack are read from (KIP-392). Empty: only leaders are. */
  readonly rack: string;
  readonly allowAutoCreate: boolean;
}

export interface GroupSettings extends ReaderSettings {
  readonly groupId: string;
  readonly instanceId: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxPollIntervalMs: number;
  readonly rebalanceTimeoutMs: number | undefined;
  readonly assignors: readonly AssignorName[];
}

/** Java's settings that have no meaning here: serializers, metrics, JMX, tuning of Java's own threads. */
const meaningless =
  /^(key|value)\.(de)?serializer$|^metric\.reporters$|^metrics\.|^auto\.include\.jmx\.reporter$|^enable\.metrics\.push$|^(send|receive)\.buffer\.bytes$|^socket\.connection\.setup\.|^client\.dns\.lookup$|^partitioner\.|^enable\.auto\.commit$|^auto\.commit\.interval\.ms$|^exclude\.internal\.topics$|^metadata\.(max\.idle\.ms|recovery\.)|^ssl\.(protocol|provider|keymanager\.algorithm|trustmanager\.algorithm|secure\.random\.implementation)$|^sasl\.(kerberos|login|oauthbearer)\.|^sasl\.jaas\.config$|^sasl\.mechanism$|^ssl\.|^client\.rack$|^group\.protocol$|^transaction\.two\.phase\.commit\.enable$|^compression\.|^security\.providers$|^config\.providers/;

/** What would change behaviour if it were passed over in silence. */
const unsupported: readonly [name: string, isDefault: (value: string) => boolean, instead: string][] = [
  ['group.protocol', (value) => value.toLowerCase() === 'classic', 'only classic is supported'],
  ['partitioner.class', () => false, 'a Java class cannot be loaded here; keys are partitioned as by default'],
  ['interceptor.classes', (value) => value === '', 'a Java class cannot be loaded here'],
  ['ssl.engine.factory.class', () => false, 'a Java class cannot be loaded here'],
  ['security.providers', (value) => value === '', 'a Java class cannot be loaded here'],
  ['transaction.two.phase.commit.enable', (value) => value === 'false', 'two-phase commit is not supported'],
  ['bootstrap.controllers', () => false, 'connections go to brokers; use bootstrap.servers'],
];

export function readConnectionSettings(raw: RawSettings, log: KafkaLog): ConnectionSettings {
  return reading(raw, log, connection);
}

export function readProducerSettings(raw: RawSettings, log: KafkaLog): ProducerSettings {
  return reading(raw, log, (reader) => {
    const acksText = reader.oneOf('acks', ['all', '-1', '0', '1'], 'all');
    const acks = acksText === '0' ? 0 : acksText === '1' ? 1 : -1;
    const transactionalId = reader.optional('transactional.id');
    const stated = reader.optional('enable.idempotence');
    const idempotent = reader.boolean('enable.idempotence', acks === -1);
    if (stated === 'true' && acks !== -1) reader.problem('acks', 'must be all where enable.idempotence is true');
    if (transactionalId !== undefined && !idempotent) {
      reader.problem('enable.idempotence', 'must be true where transactional.id is set');
    }
    const compression = reader.oneOf('compression.type', ['none', 'gzip', 'snappy', 'lz4', 'zstd'], 'none');
    const level = compression === 'gzip' || compression === 'zstd' ? `compression.${compression}.level` : undefined;
    const maxInFlight = reader.integer('max.in.flight.requests.per.connection', 5, 1);
    if (idempotent && maxInFlight > 5 && stated === 'true') {
      reader.problem('max.in.flight.requests.per.connection', 'must be at most 5 where enable.idempotence is true');
    }
    return {
      ...connection(reader),
      acks,
      idempotent,
      transactionalId,
      transactionTimeoutMs: reader.integer('transaction.timeout.ms', 60_000, 1),
      batchSize: reader.integer('batch.size', 16_384),
      lingerMs: reader.integer('linger.ms', 5),
      compression,
      compressionLevel:
        level === undefined || reader.optional(level) === undefined ? undefined : reader.integer(level, 0, -131_072),
      maxInFlight: idempotent ? Math.min(maxInFlight, 5) : maxInFlight,
      retries: reader.integer('retries', 0x7fffffff),
      deliveryTimeoutMs: reader.integer('delivery.timeout.ms', 120_000),
      maxBlockMs: reader.integer('max.block.ms', 60_000),
      bufferMemory: reader.integer('buffer.memory', 33_554_432, 1),
      maxRequestSize: reader.integer('max.request.size', 1_048_576, 1),
    };
  });
}

export function readReaderSettings(raw: RawSettings, log: KafkaLog): ReaderSettings {
  return reading(raw, log, fetching);
}

export function readGroupSettings(raw: RawSettings, log: KafkaLog): GroupSettings {
  return reading(raw, log, (reader) => {
    const groupId = reader.text('group.id', '');
    if (groupId === '') reader.problem('group.id', 'must be set');
    const sessionTimeoutMs = reader.integer('session.timeout.ms', 45_000, 1);
    const heartbeatIntervalMs = reader.integer('heartbeat.interval.ms', 3_000, 1);
    if (heartbeatIntervalMs >= sessionTimeoutMs) {
      reader.problem('heartbeat.interval.ms', 'must be less than session.timeout.ms');
    }
    const rebalance = reader.optional('rebalance.timeout.ms');
    return {
      ...fetching(reader),
      groupId,
      instanceId: reader.optional('group.instance.id'),
      sessionTimeoutMs,
      heartbeatIntervalMs,
      maxPollIntervalMs: reader.integer('max.poll.interval.ms', 300_000, 1),
      rebalanceTimeoutMs: rebalance === undefined ? undefined : reader.integer('rebalance.timeout.ms', 60_000, 1),
      assignors: readAssignors(reader),
    };
  });
}

function reading<Settings>(raw: RawSettings, log: KafkaLog, read: (reader: SettingReader) => Settings): Settings {
  const reader = new SettingReader(raw);
  const settings = read(reader);
  for (const [name, isDefault, instead] of unsupported) {
    const value = reader.optional(name);
    if (value !== undefined && !isDefault(value)) reader.problem(name, `is not supported: ${instead}`);
  }
  reader.finish();
  for (const name of reader.unread()) {
    if (!meaningless.test(name)) log('warn', `The setting ${name} is not known to the Kafka client and has no effect.`);
  }
  return settings;
}

function connection(reader: SettingReader): ConnectionSettings {
  const bootstrap = reader.list('bootstrap.servers').flatMap((text) => {
    const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.replace(/^[A-Za-z_]+:\/\//, ''));
    if (match === null || Number(match[3]) > 65_535) {
      reader.problem('bootstrap.servers', `${JSON.stringify(text)} is not of the form host:port`);
      return [];
    }
    return [{ host: match[1] ?? match[2] ?? '', port: Number(match[3]) }];
  });
  if (bootstrap.length === 0 && reader.problems.length === 0) reader.problem('bootstrap.servers', 'must be set');
  const protocol = reader.oneOf(
    'security.protocol',
    ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const,
    'PLAINTEXT',
  );
  return {
    bootstrap,
    clientId: reader.text('client.id', ''),
    tls: protocol.endsWith('SSL') ? readTls(reader) : undefined,
    sasl: protocol.startsWith('SASL') ? readSasl(reader) : undefined,
    requestTimeoutMs: reader.integer('request.timeout.ms', 30_000, 1),
    connectTimeoutMs: reader.integer('socket.connection.setup.timeout.ms', 10_000, 1),
    retryBackoffMs: reader.integer('retry.backoff.ms', 100),
    retryBackoffMaxMs: reader.integer('retry.backoff.max.ms', 1_000),
    reconnectBackoffMs: reader.integer('reconnect.backoff.ms', 50),
    reconnectBackoffMaxMs: reader.integer('reconnect.backoff.max.ms', 1_000),
    metadataMaxAgeMs: reader.integer('metadata.max.age.ms', 300_000, 1),
    connectionsMaxIdleMs: reader.integer('connections.max.idle.ms', 540_000, -1),
    apiTimeoutMs: reader.integer('default.api.timeout.ms', 60_000, 1),
  };
}

function fetching(reader: SettingReader): ReaderSettings {
  return {
    ...connection(reader),
    isolation: reader.oneOf('isolation.level', ['read_uncommitted', 'read_committed'] as const, 'read_uncommitted'),
    offsetReset: reader.oneOf('auto.offset.reset', ['latest', 'earliest', 'none'] as const, 'latest'),
    fetchMinBytes: reader.integer('fetch.min.bytes', 1),
    fetchMaxBytes: reader.integer('fetch.max.bytes', 52_428_800, 1, 0x7fffffff),
    fetchMaxWaitMs: reader.integer('fetch.max.wait.ms', 500, 0, 0x7fffffff),
    partitionMaxBytes: reader.integer('max.partition.fetch.bytes', 1_048_576, 1, 0x7fffffff),
    maxPollRecords: reader.integer('max.poll.records', 500, 1),
    checkCrcs: reader.boolean('check.crcs', true),
    rack: reader.text('client.rack', ''),
    allowAutoCreate: reader.boolean('allow.auto.create.topics', true),
  };
}

const assignorNames: Readonly<Record<string, AssignorName>> = {
  RangeAssignor: 'range',
  range: 'range',
  RoundRobinAssignor: 'roundrobin',
  roundrobin: 'roundrobin',
  CooperativeStickyAssignor: 'cooperative-sticky',
  'cooperative-sticky': 'cooperative-sticky',
};

function readAssignors(reader: SettingReader): AssignorName[] {
  const stated = reader.list('partition.assignment.strategy').map((name) => name.replace(/^class /, ''));
  if (stated.length === 0) return ['range', 'cooperative-sticky'];
  return stated.flatMap((name) => {
    const assignor = assignorNames[name.split('.').at(-1) ?? ''];
    if (assignor !== undefined) return [assignor];
    reader.problem(
      'partition.assignment.strategy',
      `${name} is not supported, only RangeAssignor, RoundRobinAssignor and CooperativeStickyAssignor`,
    );
    return [];
  });
}
