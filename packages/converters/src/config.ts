import { boolean, type ConfigKey, int, oneOf, string } from '@millrace/api';

type Part = 'key' | 'value' | 'header';

/** What every converter has; the worker sets it. */
export const converterConfig: { readonly converterType: ConfigKey<Part> } = {
  converterType: oneOf('converter.type', ['key', 'value', 'header'], {
    doc: 'How this converter will be used.',
    importance: 'low',
  }),
};

export const stringConverterConfig: typeof converterConfig & { readonly encoding: ConfigKey<string> } = {
  ...converterConfig,
  encoding: string('converter.encoding', {
    doc: 'The name of the Java character set to use for encoding strings as byte arrays.',
    default: 'UTF-8',
    importance: 'high',
    width: 'medium',
    displayName: 'Encoding',
  }),
};

export const jsonConverterConfig: typeof converterConfig & {
  readonly schemasEnable: ConfigKey<boolean>;
  readonly schemasCacheSize: ConfigKey<number>;
  readonly schemaContent: ConfigKey<string | null>;
  readonly decimalFormat: ConfigKey<'BASE64' | 'NUMERIC'>;
  readonly replaceNullWithDefault: ConfigKey<boolean>;
} = {
  ...converterConfig,
  schemasEnable: boolean('schemas.enable', {
    doc: 'Include schemas within each of the serialized values and keys.',
    default: true,
    importance: 'high',
    group: 'Schemas',
    order: 0,
    width: 'medium',
    displayName: 'Enable Schemas',
  }),
  schemasCacheSize: int('schemas.cache.size', {
    doc: 'The maximum number of schemas that can be cached in this converter instance.',
    default: 1000,
    importance: 'high',
    group: 'Schemas',
    order: 1,
    width: 'medium',
    displayName: 'Schema Cache Size',
  }),
  schemaContent: string('schema.content', {
    doc: "When set, this is used as the schema for all messages, and the schemas within each of the message will be ignored.Otherwise, the schema will be included in the content of each message. This configuration applies only 'schemas.enable' is true, and it exclusively affects the sink connector.",
    default: null,
    importance: 'high',
    group: 'Schemas',
    order: 2,
    width: 'medium',
    displayName: 'Schema Content',
  }),
  decimalFormat: oneOf('decimal.format', ['NUMERIC', 'BASE64'], {
    doc: "Controls which format this converter will serialize decimals in. This value is case insensitive and can be either 'BASE64' (default) or 'NUMERIC'",
    default: 'BASE64',
    ignoreCase: true,
    importance: 'low',
    group: 'Serialization',
    order: 0,
    width: 'medium',
    displayName: 'Decimal Format',
  }),
  replaceNullWithDefault: boolean('replace.null.with.default', {
    doc: 'Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.',
    default: true,
    importance: 'low',
    group: 'Serialization',
    order: 1,
    width: 'medium',
    displayName: 'Replace null with default',
  }),
};
