import { definePredicate, defineTransform, type PredicatePlugin, type TransformPlugin } from '@millrace/api';
import { castConfig, validateCast } from './cast/config.ts';
import { contentRouterConfig, validateContentRouter } from './content-router/config.ts';
import { defineForKeyAndValue } from './core/key-and-value.ts';
import { located } from './core/located.ts';
import { valuePart } from './core/record-part.ts';
import { dropHeadersConfig } from './drop-headers/config.ts';
import { extractFieldConfig, validateExtractField } from './extract-field/config.ts';
import { flattenConfig } from './flatten/config.ts';
import { hasHeaderKeyConfig } from './has-header-key/config.ts';
import { headerFromConfig, validateHeaderFrom } from './header-from/config.ts';
import { headerToFieldConfig, validateHeaderToField } from './header-to-field/config.ts';
import { hoistFieldConfig, validateHoistField } from './hoist-field/config.ts';
import { insertFieldConfig, validateInsertField } from './insert-field/config.ts';
import { insertHeaderConfig } from './insert-header/config.ts';
import { jsonFieldConfig, validateJsonField } from './json-field/config.ts';
import { lookupConfig, validateLookup } from './lookup/config.ts';
import { maskFieldConfig, validateMaskField } from './mask-field/config.ts';
import { regexRouterConfig } from './regex-router/config.ts';
import { replaceFieldConfig, validateReplaceField } from './replace-field/config.ts';
import { setSchemaMetadataConfig, validateSetSchemaMetadata } from './set-schema-metadata/config.ts';
import { timestampConverterConfig, validateTimestampConverter } from './timestamp-converter/config.ts';
import { timestampRouterConfig } from './timestamp-router/config.ts';
import { timezoneConverterConfig, validateTimezoneConverter } from './timezone-converter/config.ts';
import { topicNameMatchesConfig } from './topic-name-matches/config.ts';
import { unwrapConfig, validateUnwrap } from './unwrap/config.ts';
import { validateValueToKey, valueToKeyConfig } from './value-to-key/config.ts';
import { version } from './version.ts';

type KeyAndValue<K extends TransformPlugin['config']> = readonly [value: TransformPlugin<K>, key: TransformPlugin<K>];

const javaPackage = 'org.apache.kafka.connect.transforms';

const castPair: KeyAndValue<typeof castConfig> = defineForKeyAndValue({
  name: 'cast',
  doc: 'Changes the type of fields, or of the whole key or value.',
  java: `${javaPackage}.Cast`,
  config: castConfig,
  validate: validateCast,
  create: async ({ config }, part) => (await import('./cast/cast.ts')).cast(config, part),
});
export const cast: TransformPlugin<typeof castConfig> = castPair[0];
export const castKey: TransformPlugin<typeof castConfig> = castPair[1];

export const contentRouter: TransformPlugin<typeof contentRouterConfig> = defineTransform({
  name: 'content-router',
  doc: 'Chooses the topic by the content of a field.',
  version,
  config: contentRouterConfig,
  validate: validateContentRouter,
  create: async ({ config }) =>
    located((await import('./content-router/content-router.ts')).contentRouter(config), valuePart),
});

export const dropHeaders: TransformPlugin<typeof dropHeadersConfig> = defineTransform({
  name: 'drop-headers',
  doc: 'Takes out all headers of some names.',
  version,
  java: [`${javaPackage}.DropHeaders`],
  config: dropHeadersConfig,
  create: async ({ config }) => (await import('./drop-headers/drop-headers.ts')).dropHeaders(config),
});

const extractFieldPair: KeyAndValue<typeof extractFieldConfig> = defineForKeyAndValue({
  name: 'extract-field',
  doc: 'Puts one field in the place of the whole key or value.',
  java: `${javaPackage}.ExtractField`,
  config: extractFieldConfig,
  validate: validateExtractField,
  create: async ({ config }, part) => (await import('./extract-field/extract-field.ts')).extractField(config, part),
});
export const extractField: TransformPlugin<typeof extractFieldConfig> = extractFieldPair[0];
export const extractFieldKey: TransformPlugin<typeof extractFieldConfig> = extractFieldPair[1];

export const filter: TransformPlugin<Record<never, never>> = defineTransform({
  name: 'filter',
  doc: 'Drops every record that reaches it; use it with a predicate.',
  version,
  java: [`${javaPackage}.Filter`],
  config: {},
  create: async () => (await import('./filter/filter.ts')).filter(),
});

const flattenPair: KeyAndValue<typeof flattenConfig> = defineForKeyAndValue({
  name: 'flatten',
  doc: 'Makes one flat struct or object of nested ones.',
  java: `${javaPackage}.Flatten`,
  config: flattenConfig,
  create: async ({ config }, part) => (await import('./flatten/flatten.ts')).flatten(config, part),
});
export const flatten: TransformPlugin<typeof flattenConfig> = flattenPair[0];
export const flattenKey: TransformPlugin<typeof flattenConfig> = flattenPair[1];

const headerFromPair: KeyAndValue<typeof headerFromConfig> = defineForKeyAndValue({
  name: 'header-from',
  doc: 'Copies or moves fields to headers.',
  java: `${javaPackage}.HeaderFrom`,
  config: headerFromConfig,
  validate: validateHeaderFrom,
  create: async ({ config }, part) => (await import('./header-from/header-from.ts')).headerFrom(config, part),
});
export const headerFrom: TransformPlugin<typeof headerFromConfig> = headerFromPair[0];
export const headerFromKey: TransformPlugin<typeof headerFromConfig> = headerFromPair[1];

const headerToFieldPair: KeyAndValue<typeof headerToFieldConfig> = defineForKeyAndValue({
  name: 'header-to-field',
  doc: 'Copies or moves headers into fields.',
  config: headerToFieldConfig,
  validate: validateHeaderToField,
  create: async ({ config }, part) =>
    (await import('./header-to-field/header-to-field.ts')).headerToField(config, part),
});
export const headerToField: TransformPlugin<typeof headerToFieldConfig> = headerToFieldPair[0];
export const headerToFieldKey: TransformPlugin<typeof headerToFieldConfig> = headerToFieldPair[1];

const hoistFieldPair: KeyAndValue<typeof hoistFieldConfig> = defineForKeyAndValue({
  name: 'hoist-field',
  doc: 'Wraps the key or value into a struct or object with one field.',
  java: `${javaPackage}.HoistField`,
  config: hoistFieldConfig,
  validate: validateHoistField,
  create: async ({ config }, part) => (await import('./hoist-field/hoist-field.ts')).hoistField(config, part),
});
export const hoistField: TransformPlugin<typeof hoistFieldConfig> = hoistFieldPair[0];
export const hoistFieldKey: TransformPlugin<typeof hoistFieldConfig> = hoistFieldPair[1];

const insertFieldPair: KeyAndValue<typeof insertFieldConfig> = defineForKeyAndValue({
  name: 'insert-field',
  doc: 'Adds fields with the topic, partition, offset or timestamp of the record, or with a fixed text.',
  java: `${javaPackage}.InsertField`,
  config: insertFieldConfig,
  validate: validateInsertField,
  create: async ({ config }, part) => (await import('./insert-field/insert-field.ts')).insertField(config, part),
});
export const insertField: TransformPlugin<typeof insertFieldConfig> = insertFieldPair[0];
export const insertFieldKey: TransformPlugin<typeof insertFieldConfig> = insertFieldPair[1];

export const insertHeader: TransformPlugin<typeof insertHeaderConfig> = defineTransform({
  name: 'insert-header',
  doc: 'Adds a header with a fixed value.',
  version,
  java: [`${javaPackage}.InsertHeader`],
  config: insertHeaderConfig,
  create: async ({ config }) => (await import('./insert-header/insert-header.ts')).insertHeader(config),
});

const jsonFieldPair: KeyAndValue<typeof jsonFieldConfig> = defineForKeyAndValue({
  name: 'json-field',
  doc: 'Parses fields that hold JSON, or prints fields as JSON.',
  config: jsonFieldConfig,
  validate: validateJsonField,
  create: async ({ config }, part) => (await import('./json-field/json-field.ts')).jsonField(config, part),
});
export const jsonField: TransformPlugin<typeof jsonFieldConfig> = jsonFieldPair[0];
export const jsonFieldKey: TransformPlugin<typeof jsonFieldConfig> = jsonFieldPair[1];

export const lookup: TransformPlugin<typeof lookupConfig> = defineTransform({
  name: 'lookup',
  doc: 'Adds fields of the row that a table holds for a key of the record.',
  version,
  config: lookupConfig,
  validate: validateLookup,
  create: async (context) => located(await (await import('./lookup/lookup.ts')).openLookup(context), valuePart),
});

const maskFieldPair: KeyAndValue<typeof maskFieldConfig> = defineForKeyAndValue({
  name: 'mask-field',
  doc: 'Puts an empty or fixed value in the place of fields.',
  java: `${javaPackage}.MaskField`,
  config: maskFieldConfig,
  validate: validateMaskField,
  create: async ({ config }, part) => (await import('./mask-field/mask-field.ts')).maskField(config, part),
});
export const maskField: TransformPlugin<typeof maskFieldConfig> = maskFieldPair[0];
export const maskFieldKey: TransformPlugin<typeof maskFieldConfig> = maskFieldPair[1];

export const regexRouter: TransformPlugin<typeof regexRouterConfig> = defineTransform({
  name: 'regex-router',
  doc: 'Renames topics that match a regular expression as a whole.',
  version,
  java: [`${javaPackage}.RegexRouter`],
  config: regexRouterConfig,
  create: async ({ config }) => (await import('./regex-router/regex-router.ts')).regexRouter(config),
});

const replaceFieldPair: KeyAndValue<typeof replaceFieldConfig> = defineForKeyAndValue({
  name: 'replace-field',
  doc: 'Takes out, keeps or renames fields.',
  java: `${javaPackage}.ReplaceField`,
  config: replaceFieldConfig,
  validate: validateReplaceField,
  create: async ({ config }, part) => (await import('./replace-field/replace-field.ts')).replaceField(config, part),
});
export const replaceField: TransformPlugin<typeof replaceFieldConfig> = replaceFieldPair[0];
export const replaceFieldKey: TransformPlugin<typeof replaceFieldConfig> = replaceFieldPair[1];

const setSchemaMetadataPair: KeyAndValue<typeof setSchemaMetadataConfig> = defineForKeyAndValue({
  name: 'set-schema-metadata',
  doc: 'Gives the schema of a struct another name or version.',
  java: `${javaPackage}.SetSchemaMetadata`,
  config: setSchemaMetadataConfig,
  validate: validateSetSchemaMetadata,
  create: async ({ config }, part) =>
    (await import('./set-schema-metadata/set-schema-metadata.ts')).setSchemaMetadata(config, part),
});
export const setSchemaMetadata: TransformPlugin<typeof setSchemaMetadataConfig> = setSchemaMetadataPair[0];
export const setSchemaMetadataKey: TransformPlugin<typeof setSchemaMetadataConfig> = setSchemaMetadataPair[1];

const timestampConverterPair: KeyAndValue<typeof timestampConverterConfig> = defineForKeyAndValue({
  name: 'timestamp-converter',
  doc: 'Converts points in time between texts, Unix time and the logical types.',
  java: `${javaPackage}.TimestampConverter`,
  config: timestampConverterConfig,
  validate: validateTimestampConverter,
  create: async ({ config }, part) =>
    (await import('./timestamp-converter/timestamp-converter.ts')).timestampConverter(config, part),
});
export const timestampConverter: TransformPlugin<typeof timestampConverterConfig> = timestampConverterPair[0];
export const timestampConverterKey: TransformPlugin<typeof timestampConverterConfig> = timestampConverterPair[1];

export const timestampRouter: TransformPlugin<typeof timestampRouterConfig> = defineTransform({
  name: 'timestamp-router',
  doc: "Names topics by the record's timestamp.",
  version,
  java: [`${javaPackage}.TimestampRouter`],
  config: timestampRouterConfig,
  create: async ({ config }) => (await import('./timestamp-router/timestamp-router.ts')).timestampRouter(config),
});

const timezoneConverterPair: KeyAndValue<typeof timezoneConverterConfig> = defineForKeyAndValue({
  name: 'timezone-converter',
  doc: 'Brings timestamps into a time zone.',
  config: timezoneConverterConfig,
  validate: validateTimezoneConverter,
  create: async ({ config }, part) =>
    (await import('./timezone-converter/timezone-converter.ts')).timezoneConverter(config, part),
});
export const timezoneConverter: TransformPlugin<typeof timezoneConverterConfig> = timezoneConverterPair[0];
export const timezoneConverterKey: TransformPlugin<typeof timezoneConverterConfig> = timezoneConverterPair[1];

export const unwrap: TransformPlugin<typeof unwrapConfig> = defineTransform({
  name: 'unwrap',
  doc: 'Takes the row out of a Debezium change event.',
  version,
  java: ['io.debezium.transforms.ExtractNewRecordState'],
  config: unwrapConfig,
  validate: validateUnwrap,
  create: async ({ config }) => located((await import('./unwrap/unwrap.ts')).unwrap(config), valuePart),
});

export const valueToKey: TransformPlugin<typeof valueToKeyConfig> = defineTransform({
  name: 'value-to-key',
  doc: 'Makes the key of fields of the value.',
  version,
  java: [`${javaPackage}.ValueToKey`],
  config: valueToKeyConfig,
  validate: validateValueToKey,
  create: async ({ config }) => located((await import('./value-to-key/value-to-key.ts')).valueToKey(config), valuePart),
});

export const hasHeaderKey: PredicatePlugin<typeof hasHeaderKeyConfig> = definePredicate({
  name: 'has-header-key',
  doc: 'Whether a record has a header of that name.',
  version,
  java: [`${javaPackage}.predicates.HasHeaderKey`],
  config: hasHeaderKeyConfig,
  create: async ({ config }) => (await import('./has-header-key/has-header-key.ts')).hasHeaderKey(config),
});

export const recordIsTombstone: PredicatePlugin<Record<never, never>> = definePredicate({
  name: 'record-is-tombstone',
  doc: 'Whether a record has no value.',
  version,
  java: [`${javaPackage}.predicates.RecordIsTombstone`],
  config: {},
  create: async () => (await import('./record-is-tombstone/record-is-tombstone.ts')).recordIsTombstone(),
});

export const topicNameMatches: PredicatePlugin<typeof topicNameMatchesConfig> = definePredicate({
  name: 'topic-name-matches',
  doc: 'Whether the name of the topic matches a regular expression as a whole.',
  version,
  java: [`${javaPackage}.predicates.TopicNameMatches`],
  config: topicNameMatchesConfig,
  create: async ({ config }) => (await import('./topic-name-matches/topic-name-matches.ts')).topicNameMatches(config),
});
