import type { RawSettings } from '@millrace/kafka';
import type { TaskClients, TaskId } from '../task/task-spec.ts';

/** Texts by Java's names. */
export type Properties = Readonly<Record<string, string>>;

/** What the clients of a task are set up from. */
export interface ClientSettingsOptions {
  readonly id: TaskId;
  readonly kind: 'source' | 'sink';
  /** The worker's own configuration: `bootstrap.servers`, `producer.…`, `consumer.…`, `admin.…`. */
  readonly worker: Properties;
  /** The connector's configuration: `producer.override.…`, `consumer.override.…`, `admin.override.…`. */
  readonly connector: Properties;
  /** With offsets in transactions: the id that the producer has to use. */
  readonly transactionalId?: string | undefined;
  /** Whether dead letters have a producer of their own. */
  readonly deadLetters: boolean;
}

export interface ClientSettings {
  readonly clients: TaskClients;
  /** Sentences for the log. */
  readonly warnings: readonly string[];
}

/**
 * The settings of a task's Kafka clients: Kafka Connect's defaults, then what the worker says for all connectors
 * (`producer.…`), then what the connector says (`producer.override.…`).
 *
 * Other than in Kafka Connect, producers stay idempotent with several requests in flight unless the user turns that off,
 * and the dead letter queue keeps the producer's own time limits, so that a letter that cannot be written fails the task.
 */
export function clientSettings(options: ClientSettingsOptions): ClientSettings {
  const { kind, deadLetters } = options;
  const warnings: string[] = [];
  const clients: TaskClients = {
    ...(kind === 'source' && { producer: producerSettings(options, warnings) }),
    consumer: consumerSettings(options),
    admin: adminSettings(options),
    ...(deadLetters && { deadLetterProducer: deadLetterProducerSettings(options) }),
  };
  return { clients, warnings };
}

/** The transactional id of a source task, as Kafka Connect has it. */
export function transactionalId(groupId: string, { connector, task }: TaskId): string {
  return `${groupId}-${connector}-${task}`;
}

/** The consumer group of a sink, unless its configuration names another. */
export function defaultConsumerGroup(connector: string): string {
  return `connect-${connector}`;
}

function producerSettings(options: ClientSettingsOptions, warnings: string[]): RawSettings {
  const settings: Record<string, string> = {
    'bootstrap.servers': bootstrapServers(options),
    'client.id': clientId('producer', options),
    acks: 'all',
    'max.block.ms': '9223372036854775807',
    'delivery.timeout.ms': '2147483647',
    ...stated('producer', options),
  };
  if (options.transactionalId !== undefined) {
    force(settings, 'enable.idempotence', 'true', warnings);
    force(settings, 'transactional.id', options.transactionalId, warnings);
  }
  return settings;
}

function deadLetterProducerSettings(options: ClientSettingsOptions): RawSettings {
  const { 'transactional.id': _, ...settings } = stated('producer', options);
  return {
    'bootstrap.servers': bootstrapServers(options),
    'client.id': clientId('dlq-producer', options),
    acks: 'all',
    ...settings,
  };
}

/** Of a sink: in its group; the sink names the member. Of a source: for tables that its transforms read. */
function consumerSettings(options: ClientSettingsOptions): RawSettings {
  return {
    'bootstrap.servers': bootstrapServers(options),
    'client.id': clientId('consumer', options),
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': 'false',
    ...(options.kind === 'sink' && { 'group.id': defaultConsumerGroup(options.id.connector) }),
    ...stated('consumer', options),
  };
}

/** The worker's settings without a prefix serve its admin clients too; only those that mean something to a client. */
function adminSettings(options: ClientSettingsOptions): RawSettings {
  const inherited = Object.entries(options.worker).filter(([name]) => connectionSetting.test(name));
  return {
    ...Object.fromEntries(inherited),
    'bootstrap.servers': bootstrapServers(options),
    'client.id': clientId('adminclient', options),
    ...stated('admin', options),
  };
}

const connectionSetting =
  /^(security\.protocol$|ssl\.|sasl\.|(request|default\.api)\.timeout\.ms$|(retry|reconnect)\.backoff\.|connections\.max\.idle\.ms$|metadata\.max\.age\.ms$|socket\.connection\.)/;

function bootstrapServers({ worker }: ClientSettingsOptions): string {
  return worker['bootstrap.servers'] ?? 'localhost:9092';
}

function clientId(client: string, { id }: ClientSettingsOptions): string {
  return `connector-${client}-${id.connector}-${id.task}`;
}

/** What the worker says, and over it what the connector says. */
function stated(client: 'producer' | 'consumer' | 'admin', { worker, connector }: ClientSettingsOptions): Properties {
  return { ...withoutPrefix(worker, `${client}.`), ...withoutPrefix(connector, `${client}.override.`) };
}

function withoutPrefix(properties: Properties, prefix: string): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

function force(settings: Record<string, string>, name: string, value: string, warnings: string[]): void {
  const given = settings[name];
  if (given !== undefined && given !== value) {
    warnings.push(
      `The value '${given}' for the '${name}' property will be ignored as it cannot be overridden for connectors when exactly-once source support is enabled. The value '${value}' will be used instead.`,
    );
  }
  settings[name] = value;
}
