import { boolean, type ConfigKeys, int, list, oneOf, string } from '../../src/index.ts';

export const fileSourceKeys = {
  file: string('file', {
    doc: 'Source filename. If not specified, the standard input will be used',
    default: null,
    importance: 'high',
  }),
  topic: string('topic', { doc: 'The topic to publish data to', importance: 'high', nonEmpty: true }),
  batchSize: int('batch.size', {
    doc: 'The maximum number of records the source task can read from the file each time it is polled',
    default: 2000,
    importance: 'low',
  }),
};

const replaceNull = boolean('replace.null.with.default', {
  doc: 'Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.',
  default: true,
});

const converterType = oneOf('converter.type', ['key', 'value', 'header'], {
  doc: 'How this converter will be used.',
  importance: 'low',
});

/** Keys of some plugins, by the label of the exchange with Java's definitions. */
export const keysByLabel: Readonly<Record<string, ConfigKeys>> = {
  'plugin-config-ExtractField$Key': {
    field: string('field', { doc: 'Field name to extract.' }),
    replaceNull,
    syntax: oneOf('field.syntax.version', ['V1', 'V2'], {
      doc: 'Defines the version of the syntax to access fields. If set to <code>V1</code>, then the field paths are limited to access the elements at the root level of the struct or map. If set to <code>V2</code>, the syntax will support accessing nested elements. To access nested elements, dotted notation is used. If dots are already included in the field name, then backtick pairs can be used to wrap field names containing dots. E.g. to access the subfield <code>baz</code> from a field named "foo.bar" in a struct/map the following format can be used to access its elements: "<code>foo.bar</code>.baz".',
      default: 'V1',
      importance: 'high',
      ignoreCase: true,
    }),
  },
  'plugin-config-Cast$Key': {
    spec: list('spec', {
      doc: 'List of fields and the type to cast them to of the form field1:type,field2:type to cast fields of Maps or Structs. A single type to cast the entire value. Valid types are int8, int16, int32, int64, float32, float64, boolean, and string. Note that binary fields can only be cast to string.',
      importance: 'high',
      nonEmpty: true,
    }),
    replaceNull,
  },
  'plugin-config-JsonConverter': {
    converterType,
    schemasEnable: boolean('schemas.enable', {
      doc: 'Include schemas within each of the serialized values and keys.',
      default: true,
      importance: 'high',
      group: 'Schemas',
      order: 0,
      width: 'medium',
      displayName: 'Enable Schemas',
    }),
    cacheSize: int('schemas.cache.size', {
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
    replaceNull: boolean('replace.null.with.default', {
      doc: 'Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.',
      default: true,
      importance: 'low',
      group: 'Serialization',
      order: 1,
      width: 'medium',
      displayName: 'Replace null with default',
    }),
  },
};
