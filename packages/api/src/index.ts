export { abortable } from './async/abortable.ts';
export { type DeadlineOptions, withDeadline } from './async/deadline.ts';
export { sleep } from './async/sleep.ts';
export {
  type ConfigDefinitionJson,
  type ConfigInfoJson,
  type ConfigInfosJson,
  type ConfigValueJson,
  configDefJson,
  configInfosJson,
} from './config/config-json.ts';
export type {
  AliasedKeys,
  ConfigEntry,
  ConfigKey,
  ConfigKeys,
  ConfigOf,
  ConfigType,
  Importance,
  KeyOptions,
  PrefixedKeys,
  RawConfig,
  Recommender,
  RecommenderConfig,
  Width,
} from './config/config-key.ts';
export { configMarkdown } from './config/config-markdown.ts';
export { type CustomOptions, custom } from './config/custom-key.ts';
export { javaTrim } from './config/java-trim.ts';
export { type AliasedOptions, aliased, prefixed } from './config/key-groups.ts';
export { double, int, long, type NumberOptions, short } from './config/number-keys.ts';
export { type OneOfOptions, oneOf } from './config/one-of-key.ts';
export { type ParsedConfig, type ParseOptions, parseConfig } from './config/parse-config.ts';
export { boolean, type ListOptions, list } from './config/plain-keys.ts';
export { type RegexOptions, regex } from './config/regex-key.ts';
export { Secret } from './config/secret.ts';
export type { StandardSchemaV1 } from './config/standard-schema.ts';
export { type ClassOptions, classRef, password, string, type TextOptions } from './config/text-keys.ts';
export { type BytesOptions, bytes, duration } from './config/unit-keys.ts';
export { type ConfigValue, validateConfig } from './config/validate-config.ts';
export { type ByteWriter, createByteWriter } from './data/byte-writer.ts';
export { fromBytes, toBytes } from './data/convert-bytes.ts';
export { Decimal } from './data/decimal.ts';
export { errorFromWire, errorToWire, type WireError } from './errors/error-wire.ts';
export {
  AlreadyExistsError,
  ConfigError,
  type ConfigProblem,
  DataError,
  type DataErrorOptions,
  type DataLocation,
  NotFoundError,
  RetriableError,
  TimeoutError,
} from './errors/errors.ts';
export { type ErrorKind, type ErrorOptions, MillraceError } from './errors/millrace-error.ts';
export { hasEscapedKey, parseJson, printJson } from './json/parse-json.ts';
export { type LogFields, type Logger, type LogLevel, silentLogger } from './log/logger.ts';
export { formatDouble } from './numbers/format-double.ts';
export { formatFloat } from './numbers/format-float.ts';
export { roundToFloat } from './numbers/round-to-float.ts';
export type { ConfigProvider, ProvidedConfig } from './plugins/config-provider.ts';
export type {
  ConnectorContext,
  PluginContext,
  PluginMetrics,
  SinkTaskContext,
  SourceConnectorContext,
  SourceOffsets,
  SourceTaskContext,
  TopicPartition,
  TopicPartitionOffset,
  TransactionContext,
} from './plugins/contexts.ts';
export type { Converter, EncodedBatch, HeaderConverter, SchemaAndValue } from './plugins/converter.ts';
export {
  type ConfigProviderPlugin,
  type ConverterPlugin,
  type Defined,
  defineConfigProvider,
  defineConverter,
  defineHeaderConverter,
  definePredicate,
  defineSink,
  defineSource,
  defineTransform,
  type HeaderConverterPlugin,
  type PredicatePlugin,
  type SinkPlugin,
  type SourcePlugin,
  type TransformPlugin,
} from './plugins/define.ts';
export type {
  ConfigProviderDefinition,
  ConverterDefinition,
  CreateContext,
  HeaderConverterDefinition,
  JavaConnector,
  OffsetChange,
  PluginDefinition,
  PredicateDefinition,
  RecordPart,
  SinkDefinition,
  SourceDefinition,
  TaskConfig,
  TasksRequest,
  TransformDefinition,
} from './plugins/definition.ts';
export { type FromIterableOptions, fromIterable } from './plugins/from-iterable.ts';
export type { OffsetFields, OffsetFieldType, OffsetOf } from './plugins/offset-fields.ts';
export type {
  Table,
  TableContext,
  TableKey,
  TableKeyPart,
  TableProvider,
  TableProviders,
  TableSpec,
  TableView,
} from './plugins/table.ts';
export type { RecordMetadata, SinkTask, SourceTask } from './plugins/tasks.ts';
export type { Predicate, Transform } from './plugins/transform.ts';
export type { ConnectRecord, RecordChanges } from './records/connect-record.ts';
export { type Header, Headers } from './records/headers.ts';
export { SinkRecord, type SinkRecordInit, type TimestampType } from './records/sink-record.ts';
export { type OffsetMap, type OffsetValue, SourceRecord, type SourceRecordInit } from './records/source-record.ts';
export { type Projection, project } from './schema/project.ts';
export {
  type Field,
  Schema,
  type SchemaMetadata,
  type Struct,
  type StructInit,
  type ValueOf,
} from './schema/schema.ts';
export { logicalNames, type Representation, type SchemaType } from './schema/schema-type.ts';
export { compileStructMapper, type FieldSource } from './schema/struct-literal.ts';
export { fits, misfit } from './schema/validate.ts';
export { Values } from './values/values.ts';
