import {
  type AliasedKeys,
  aliased,
  boolean,
  bytes,
  type ConfigKey,
  type ConfigOf,
  classRef,
  int,
  list,
  long,
  oneOf,
  type PrefixedKeys,
  prefixed,
  string,
} from '@millrace/api';

type ConfigProviderKeys = { readonly className: ConfigKey<string>; readonly param: PrefixedKeys };

const configProvidersList = list('config.providers', {
  doc: 'Aliases of config providers: what they hold stands in for variables (alias, path, key) in values of the worker and of connectors.',
  default: [],
  unique: true,
  importance: 'low',
});

/** `config.providers` and what belongs to each of them. */
export const configProviderKeys: AliasedKeys<ConfigOf<ConfigProviderKeys>> = {
  ...aliased('config.providers', {
    doc: 'Aliases of config providers.',
    keys: (alias): ConfigProviderKeys => ({
      className: classRef('class', {
        doc: `Class or short name of the config provider '${alias}'.`,
        importance: 'high',
      }),
      param: prefixed('param.', { doc: `Keys of the config provider '${alias}' itself.` }),
    }),
  }),
  // The lists of aliases that connectors have may hold an empty name; this one may not.
  list: configProvidersList,
};

export type CommonWorkerKeys = {
  readonly bootstrapServers: ConfigKey<readonly string[]>;
  readonly clientDnsLookup: ConfigKey<'use_all_dns_ips' | 'resolve_canonical_bootstrap_servers_only'>;
  readonly keyConverter: ConfigKey<string>;
  readonly keyConverterPluginVersion: ConfigKey<string | null>;
  readonly valueConverter: ConfigKey<string>;
  readonly valueConverterPluginVersion: ConfigKey<string | null>;
  readonly headerConverter: ConfigKey<string>;
  readonly headerConverterPluginVersion: ConfigKey<string | null>;
  readonly taskShutdownGracefulTimeoutMs: ConfigKey<number>;
  readonly taskHostUnresponsiveMs: ConfigKey<number>;
  readonly workerBufferMemory: ConfigKey<number>;
  readonly offsetFlushIntervalMs: ConfigKey<number>;
  readonly offsetFlushTimeoutMs: ConfigKey<number>;
  readonly pluginPath: ConfigKey<readonly string[] | null>;
  readonly pluginDiscovery: ConfigKey<'only_scan' | 'service_load' | 'hybrid_warn' | 'hybrid_fail'>;
  readonly metricsSampleWindowMs: ConfigKey<number>;
  readonly metricsNumSamples: ConfigKey<number>;
  readonly metricsRecordingLevel: ConfigKey<'INFO' | 'DEBUG'>;
  readonly metricReporters: ConfigKey<readonly string[]>;
  readonly metricsContext: PrefixedKeys;
  readonly configProviders: typeof configProviderKeys;
  readonly connectorClientConfigOverridePolicy: ConfigKey<string>;
  readonly connectorClientConfigOverrideAllowlist: ConfigKey<readonly string[]>;
  readonly topicCreationEnable: ConfigKey<boolean>;
  readonly topicTrackingEnable: ConfigKey<boolean>;
  readonly topicTrackingAllowReset: ConfigKey<boolean>;
  readonly producer: PrefixedKeys;
  readonly consumer: PrefixedKeys;
  readonly admin: PrefixedKeys;
};

/** The keys of every worker, with the defaults of Kafka Connect. */
export const commonWorkerKeys: CommonWorkerKeys = {
  bootstrapServers: list('bootstrap.servers', {
    doc: 'Brokers to begin with, as host:port: of the Kafka cluster of the worker itself and, unless they say otherwise, of its connectors.',
    nonEmpty: true,
    unique: true,
    importance: 'high',
  }),
  clientDnsLookup: oneOf('client.dns.lookup', ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'], {
    doc: 'How names of brokers become addresses.',
    default: 'use_all_dns_ips',
  }),
  keyConverter: classRef('key.converter', {
    doc: 'Converter between the keys of records and bytes, for connectors that name none. `key.converter.…` goes to it.',
    importance: 'high',
  }),
  keyConverterPluginVersion: string('key.converter.plugin.version', {
    doc: 'Version of the key converter.',
    default: null,
    importance: 'low',
  }),
  valueConverter: classRef('value.converter', {
    doc: 'Converter between the values of records and bytes, for connectors that name none. `value.converter.…` goes to it.',
    importance: 'high',
  }),
  valueConverterPluginVersion: string('value.converter.plugin.version', {
    doc: 'Version of the value converter.',
    default: null,
    importance: 'low',
  }),
  headerConverter: classRef('header.converter', {
    doc: 'Converter between headers and bytes, for connectors that name none. `header.converter.…` goes to it.',
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: 'low',
  }),
  headerConverterPluginVersion: string('header.converter.plugin.version', {
    doc: 'Version of the header converter.',
    default: null,
    importance: 'low',
  }),
  taskShutdownGracefulTimeoutMs: long('task.shutdown.graceful.timeout.ms', {
    doc: 'How long all tasks together may take to stop; then they are cancelled.',
    default: 5000,
    min: 0,
    importance: 'low',
  }),
  taskHostUnresponsiveMs: long('task.host.unresponsive.ms', {
    doc: 'How long a host may be silent before its running task is failed and its other tasks start elsewhere.',
    default: 30_000,
    min: 1,
    importance: 'low',
  }),
  workerBufferMemory: bytes('worker.buffer.memory', {
    doc: 'Memory for records under way. A task holds at most a quarter of it.',
    default: 96 * 1024 * 1024,
    min: 1024 * 1024,
    importance: 'low',
  }),
  offsetFlushIntervalMs: long('offset.flush.interval.ms', {
    doc: 'How often tasks commit offsets.',
    default: 60_000,
    min: 1,
    importance: 'low',
  }),
  offsetFlushTimeoutMs: long('offset.flush.timeout.ms', {
    doc: 'How long one commit of offsets may take before it is given up until the next. No effect on exactly-once sources.',
    default: 5000,
    min: 0,
    importance: 'low',
  }),
  pluginPath: list('plugin.path', {
    doc: 'Directories whose children are packages with plugins. Read as it stands: variables are not resolved in it.',
    default: null,
    nonEmpty: true,
    unique: true,
    importance: 'low',
  }),
  pluginDiscovery: oneOf('plugin.discovery', ['only_scan', 'service_load', 'hybrid_warn', 'hybrid_fail'], {
    doc: 'How the JVM looks for plugins. Without meaning here: plugins are found by their manifests.',
    default: 'hybrid_warn',
    ignoreCase: true,
    importance: 'low',
  }),
  metricsSampleWindowMs: long('metrics.sample.window.ms', {
    doc: 'Length of one sample of a rate, an average or a maximum.',
    default: 30_000,
    min: 0,
    importance: 'low',
  }),
  metricsNumSamples: int('metrics.num.samples', {
    doc: 'How many samples a metric is made from.',
    default: 2,
    min: 1,
    importance: 'low',
  }),
  metricsRecordingLevel: oneOf('metrics.recording.level', ['INFO', 'DEBUG'], {
    doc: 'Which metrics are kept.',
    default: 'INFO',
    importance: 'low',
  }),
  metricReporters: list('metric.reporters', {
    doc: 'Classes that the JVM reports metrics to. Without meaning here.',
    default: ['org.apache.kafka.common.metrics.JmxReporter'],
    unique: true,
    importance: 'low',
  }),
  metricsContext: prefixed('metrics.context.', { doc: 'Labels of all metrics.' }),
  configProviders: configProviderKeys,
  connectorClientConfigOverridePolicy: string('connector.client.config.override.policy', {
    doc: 'Which client settings connectors may change with `producer.override.…` and its like: `All`, `None`, `Allowlist` or `Principal`.',
    default: 'All',
  }),
  connectorClientConfigOverrideAllowlist: list('connector.client.config.override.allowlist', {
    doc: 'The settings that connectors may change under the policy `Allowlist`.',
    default: [],
  }),
  topicCreationEnable: boolean('topic.creation.enable', {
    doc: 'Whether tasks create the topics of sources that have `topic.creation.…` keys.',
    default: true,
    importance: 'low',
  }),
  topicTrackingEnable: boolean('topic.tracking.enable', {
    doc: 'Whether the worker keeps record of the topics that each connector uses.',
    default: true,
    importance: 'low',
  }),
  topicTrackingAllowReset: boolean('topic.tracking.allow.reset', {
    doc: 'Whether that record may be cleared by REST.',
    default: true,
    importance: 'low',
  }),
  producer: prefixed('producer.', { doc: 'Settings of the producers of all sources.' }),
  consumer: prefixed('consumer.', { doc: 'Settings of the consumers of all sinks.' }),
  admin: prefixed('admin.', { doc: 'Settings of the admin clients of all connectors.' }),
};
