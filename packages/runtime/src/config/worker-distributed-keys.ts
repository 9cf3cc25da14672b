import { type ConfigKey, int, list, oneOf, type PrefixedKeys, prefixed, short, string } from '@millrace/api';

export type DistributedOnlyKeys = {
  readonly groupId: ConfigKey<string>;
  readonly sessionTimeoutMs: ConfigKey<number>;
  readonly heartbeatIntervalMs: ConfigKey<number>;
  readonly rebalanceTimeoutMs: ConfigKey<number>;
  readonly exactlyOnceSourceSupport: ConfigKey<'disabled' | 'enabled' | 'preparing'>;
  readonly clientId: ConfigKey<string>;
  readonly configStorageTopic: ConfigKey<string>;
  readonly configStorageReplicationFactor: ConfigKey<number>;
  readonly configStorage: PrefixedKeys;
  readonly offsetStorageTopic: ConfigKey<string>;
  readonly offsetStoragePartitions: ConfigKey<number>;
  readonly offsetStorageReplicationFactor: ConfigKey<number>;
  readonly offsetStorage: PrefixedKeys;
  readonly statusStorageTopic: ConfigKey<string>;
  readonly statusStoragePartitions: ConfigKey<number>;
  readonly statusStorageReplicationFactor: ConfigKey<number>;
  readonly statusStorage: PrefixedKeys;
  readonly workerSyncTimeoutMs: ConfigKey<number>;
  readonly workerUnsyncBackoffMs: ConfigKey<number>;
  readonly connectProtocol: ConfigKey<'eager' | 'compatible' | 'sessioned'>;
  readonly scheduledRebalanceMaxDelayMs: ConfigKey<number>;
  readonly interWorkerKeyGenerationAlgorithm: ConfigKey<string>;
  readonly interWorkerKeySize: ConfigKey<number | null>;
  readonly interWorkerKeyTtlMs: ConfigKey<number>;
  readonly interWorkerSignatureAlgorithm: ConfigKey<string>;
  readonly interWorkerVerificationAlgorithms: ConfigKey<readonly string[]>;
};

/** The keys of a worker that belongs to a cluster. */
export const distributedOnlyKeys: DistributedOnlyKeys = {
  groupId: string('group.id', {
    doc: 'Name of the cluster of workers; no sink may have it as its consumer group.',
    importance: 'high',
  }),
  sessionTimeoutMs: int('session.timeout.ms', {
    doc: 'After how long without a sign of life a worker counts as lost.',
    default: 10_000,
    importance: 'high',
  }),
  heartbeatIntervalMs: int('heartbeat.interval.ms', {
    doc: 'How often a worker gives a sign of life; at most a third of session.timeout.ms.',
    default: 3000,
    importance: 'high',
  }),
  rebalanceTimeoutMs: int('rebalance.timeout.ms', {
    doc: 'How long a worker may take to join again after a rebalance has begun.',
    default: 60_000,
    importance: 'high',
  }),
  exactlyOnceSourceSupport: oneOf('exactly.once.source.support', ['disabled', 'enabled', 'preparing'], {
    doc: 'Whether sources write records and offsets in transactions; `preparing` on all workers first, then `enabled`.',
    default: 'disabled',
    ignoreCase: true,
    importance: 'high',
  }),
  clientId: string('client.id', {
    doc: "Name of the worker's clients in the logs of brokers.",
    default: '',
    importance: 'low',
  }),
  ...storageKeys(),
  workerSyncTimeoutMs: int('worker.sync.timeout.ms', {
    doc: 'How long reading the config topic to its end may take.',
    default: 3000,
  }),
  workerUnsyncBackoffMs: int('worker.unsync.backoff.ms', {
    doc: 'How long a worker stays out of the cluster after it could not read the config topic in time.',
    default: 300_000,
  }),
  connectProtocol: oneOf('connect.protocol', ['eager', 'compatible', 'sessioned'], {
    doc: 'Protocol between workers.',
    default: 'sessioned',
    importance: 'low',
  }),
  scheduledRebalanceMaxDelayMs: int('scheduled.rebalance.max.delay.ms', {
    doc: 'How long the work of a lost worker waits for its return; 0: not at all.',
    default: 300_000,
    min: 0,
    importance: 'low',
  }),
  interWorkerKeyGenerationAlgorithm: string('inter.worker.key.generation.algorithm', {
    doc: 'Kind of the keys that requests between workers are signed with.',
    default: 'HmacSHA256',
    validate: checkAlgorithm,
    importance: 'low',
  }),
  interWorkerKeySize: int('inter.worker.key.size', {
    doc: 'Size of these keys in bits. Left out: that of the algorithm.',
    default: null,
    importance: 'low',
  }),
  interWorkerKeyTtlMs: int('inter.worker.key.ttl.ms', {
    doc: 'How long such a key is used.',
    default: 3_600_000,
    min: 0,
    importance: 'low',
  }),
  interWorkerSignatureAlgorithm: string('inter.worker.signature.algorithm', {
    doc: 'How requests between workers are signed.',
    default: 'HmacSHA256',
    validate: checkAlgorithm,
    importance: 'low',
  }),
  interWorkerVerificationAlgorithms: list('inter.worker.verification.algorithms', {
    doc: 'Which signatures are accepted; inter.worker.signature.algorithm has to be one of them.',
    default: ['HmacSHA256'],
    validate: (algorithms) =>
      algorithms.length === 0
        ? 'At least one signature verification algorithm must be provided'
        : algorithms.map(checkAlgorithm).find((problem) => problem !== undefined),
    importance: 'low',
  }),
};

type StorageKeys = Pick<
  DistributedOnlyKeys,
  Extract<keyof DistributedOnlyKeys, `${'config' | 'offset' | 'status'}Storage${string}`>
>;

function storageKeys(): StorageKeys {
  const topic = (name: string, holds: string) =>
    string(`${name}.storage.topic`, { doc: `Topic that holds ${holds}.`, importance: 'high' });
  const partitions = (name: string, count: number) =>
    int(`${name}.storage.partitions`, {
      doc: 'Partitions of that topic when it is created; -1: as the brokers do it.',
      default: count,
      validate: (value) =>
        value === -1 || value > 0
          ? undefined
          : "Number of partitions must be positive, or -1 to use the broker's default",
      importance: 'low',
    });
  const replicationFactor = (name: string) =>
    short(`${name}.storage.replication.factor`, {
      doc: 'Replicas of that topic when it is created; -1: as the brokers do it.',
      default: 3,
      validate: (value) =>
        value === -1 || value > 0
          ? undefined
          : "Replication factor must be positive and not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default",
      importance: 'low',
    });
  const settings = (name: string) =>
    prefixed(`${name}.storage.`, { doc: 'Settings of that topic when it is created.' });
  return {
    configStorageTopic: topic('config', 'the configurations of connectors and tasks'),
    configStorageReplicationFactor: replicationFactor('config'),
    configStorage: settings('config'),
    offsetStorageTopic: topic('offset', 'the offsets of sources'),
    offsetStoragePartitions: partitions('offset', 25),
    offsetStorageReplicationFactor: replicationFactor('offset'),
    offsetStorage: settings('offset'),
    statusStorageTopic: topic('status', 'the state of connectors and tasks'),
    statusStoragePartitions: partitions('status', 5),
    statusStorageReplicationFactor: replicationFactor('status'),
    statusStorage: settings('status'),
  };
}

const algorithms = ['HmacMD5', 'HmacSHA1', 'HmacSHA224', 'HmacSHA256', 'HmacSHA384', 'HmacSHA512'].concat([
  'HmacSHA512/224',
  'HmacSHA512/256',
  'HmacSHA3-224',
  'HmacSHA3-256',
  'HmacSHA3-384',
  'HmacSHA3-512',
]);

/** Those of Java that sign as others do. */
function checkAlgorithm(name: string): string | undefined {
  if (algorithms.some((known) => known.toLowerCase() === name.toLowerCase())) return undefined;
  return `the algorithm is not supported; the supported algorithms are: [${algorithms.join(', ')}]`;
}
