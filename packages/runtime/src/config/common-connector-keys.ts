import {
  boolean,
  type ConfigKey,
  classRef,
  int,
  long,
  oneOf,
  type PrefixedKeys,
  prefixed,
  string,
} from '@millrace/api';
import { type PredicateKeys, predicateKeys, type TransformKeys, transformKeys } from './transform-keys.ts';

export type CommonConnectorKeys = {
  readonly name: ConfigKey<string>;
  readonly connectorClass: ConfigKey<string>;
  readonly connectorPluginVersion: ConfigKey<string | null>;
  readonly tasksMax: ConfigKey<number>;
  readonly tasksMaxEnforce: ConfigKey<boolean>;
  readonly keyConverter: ConfigKey<string | null>;
  readonly keyConverterPluginVersion: ConfigKey<string | null>;
  readonly valueConverter: ConfigKey<string | null>;
  readonly valueConverterPluginVersion: ConfigKey<string | null>;
  readonly headerConverter: ConfigKey<string | null>;
  readonly headerConverterPluginVersion: ConfigKey<string | null>;
  readonly transforms: TransformKeys;
  readonly predicates: PredicateKeys;
  readonly configActionReload: ConfigKey<'none' | 'restart'>;
  readonly errorsRetryTimeout: ConfigKey<number>;
  readonly errorsRetryDelayMaxMs: ConfigKey<number>;
  readonly errorsTolerance: ConfigKey<'none' | 'all'>;
  readonly errorsLogEnable: ConfigKey<boolean>;
  readonly errorsLogIncludeMessages: ConfigKey<boolean>;
  readonly producerOverride: PrefixedKeys;
  readonly consumerOverride: PrefixedKeys;
  readonly adminOverride: PrefixedKeys;
};

/** The keys that every connector has, with the texts of Kafka Connect. */
export const commonConnectorKeys: CommonConnectorKeys = {
  name: string('name', {
    doc: 'Globally unique name to use for this connector.',
    validate: checkName,
    importance: 'high',
    group: 'Common',
    width: 'medium',
    displayName: 'Connector name',
  }),
  connectorClass: string('connector.class', {
    doc: 'Name or alias of the class for this connector. Must be a subclass of org.apache.kafka.connect.connector.Connector. If the connector is org.apache.kafka.connect.file.FileStreamSinkConnector, you can either specify this full name,  or use "FileStreamSink" or "FileStreamSinkConnector" to make the configuration a bit shorter',
    importance: 'high',
    group: 'Common',
    width: 'long',
    displayName: 'Connector class',
  }),
  connectorPluginVersion: string('connector.plugin.version', {
    doc: 'Version of the connector.',
    default: null,
    group: 'Common',
    width: 'medium',
    displayName: 'Connector version',
  }),
  tasksMax: int('tasks.max', {
    doc: 'Maximum number of tasks to use for this connector.',
    default: 1,
    min: 1,
    importance: 'high',
    group: 'Common',
    width: 'short',
    displayName: 'Tasks max',
  }),
  tasksMaxEnforce: boolean('tasks.max.enforce', {
    doc: '(Deprecated) Whether to enforce that the tasks.max property is respected by the connector. By default, connectors that generate too many tasks will fail, and existing sets of tasks that exceed the tasks.max property will also be failed. If this property is set to false, then connectors will be allowed to generate more than the maximum number of tasks, and existing sets of tasks that exceed the tasks.max property will be allowed to run. This property is deprecated and will be removed in an upcoming major release.',
    default: true,
    deprecated: 'it is to be removed; raise tasks.max instead.',
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Enforce tasks max',
  }),
  keyConverter: classRef('key.converter', {
    doc: 'Converter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This controls the format of the keys in messages written to or read from Kafka, and since this is independent of connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and Avro.',
    default: null,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Key converter class',
  }),
  keyConverterPluginVersion: string('key.converter.plugin.version', {
    doc: 'Version of the key converter.',
    default: null,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Key converter version',
  }),
  valueConverter: classRef('value.converter', {
    doc: 'Converter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This controls the format of the values in messages written to or read from Kafka, and since this is independent of connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and Avro.',
    default: null,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Value converter class',
  }),
  valueConverterPluginVersion: string('value.converter.plugin.version', {
    doc: 'Version of the value converter.',
    default: null,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Value converter version',
  }),
  headerConverter: classRef('header.converter', {
    doc: 'HeaderConverter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This controls the format of the header values in messages written to or read from Kafka, and since this is independent of connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and Avro. By default, the SimpleHeaderConverter is used to serialize header values to strings and deserialize them by inferring the schemas.',
    default: null,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Header converter class',
  }),
  headerConverterPluginVersion: string('header.converter.plugin.version', {
    doc: 'Version of the header converter.',
    default: null,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Header converter version',
  }),
  transforms: transformKeys,
  predicates: predicateKeys,
  configActionReload: oneOf('config.action.reload', ['none', 'restart'], {
    doc: "The action that Connect should take on the connector when changes in external configuration providers result in a change in the connector's configuration properties. A value of 'none' indicates that Connect will do nothing. A value of 'restart' indicates that Connect should restart/reload the connector with the updated configuration properties.The restart may actually be scheduled in the future if the external configuration provider indicates that a configuration value will expire in the future.",
    default: 'restart',
    importance: 'low',
    group: 'Common',
    order: 14,
    width: 'medium',
    displayName: 'Reload Action',
  }),
  errorsRetryTimeout: long('errors.retry.timeout', {
    doc: 'The maximum duration in milliseconds that a failed operation will be reattempted. The default is 0, which means no retries will be attempted. Use -1 for infinite retries.',
    default: 0,
    group: 'Error Handling',
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
  }),
  errorsRetryDelayMaxMs: long('errors.retry.delay.max.ms', {
    doc: 'The maximum duration in milliseconds between consecutive retry attempts. Jitter will be added to the delay once this limit is reached to prevent thundering herd issues.',
    default: 60_000,
    group: 'Error Handling',
    width: 'medium',
    displayName: 'Maximum Delay Between Retries for Errors',
  }),
  errorsTolerance: oneOf('errors.tolerance', ['none', 'all'], {
    doc: "Behavior for tolerating errors during connector operation. 'none' is the default value and signals that any error will result in an immediate connector task failure; 'all' changes the behavior to skip over problematic records.",
    default: 'none',
    group: 'Error Handling',
    width: 'short',
    displayName: 'Error Tolerance',
  }),
  errorsLogEnable: boolean('errors.log.enable', {
    doc: "If true, write each error and the details of the failed operation and problematic record to the Connect application log. This is 'false' by default, so that only errors that are not tolerated are reported.",
    default: false,
    group: 'Error Handling',
    width: 'short',
    displayName: 'Log Errors',
  }),
  errorsLogIncludeMessages: boolean('errors.log.include.messages', {
    doc: "Whether to include in the log the Connect record that resulted in a failure. For sink records, the topic, partition, offset, and timestamp will be logged. For source records, the key and value (and their schemas), all headers, and the timestamp, Kafka topic, Kafka partition, source partition, and source offset will be logged. This is 'false' by default, which will prevent record keys, values, and headers from being written to log files.",
    default: false,
    group: 'Error Handling',
    width: 'short',
    displayName: 'Log Error Details',
  }),
  producerOverride: prefixed('producer.override.', { doc: "Settings of this connector's Kafka producers." }),
  consumerOverride: prefixed('consumer.override.', { doc: "Settings of this connector's Kafka consumers." }),
  adminOverride: prefixed('admin.override.', { doc: "Settings of this connector's Kafka admin clients." }),
};

function checkName(name: string): string | undefined {
  if (name === '') return 'String may not be empty';
  const controls = Array.from(name, (char) => char.codePointAt(0) as number).filter(isControl);
  return controls.length === 0
    ? undefined
    : `String may not contain control sequences but had the following ASCII chars: ${controls.join(', ')}`;
}

/** As `Character.isISOControl`. */
function isControl(code: number): boolean {
  return code <= 0x1f || (code >= 0x7f && code <= 0x9f);
}
