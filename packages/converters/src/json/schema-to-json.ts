import type { Schema, SchemaType } from '@millrace/api';
import type { JsonFormat } from './json-options.ts';
import { jsonString } from './json-string.ts';
import { valueToJson } from './value-to-json.ts';

/** Two types have another name in the envelope. */
const typeNames: Readonly<Partial<Record<SchemaType, string>>> = { float32: 'float', float64: 'double' };

/** The `schema` part of the envelope, its keys in the order in which Java writes them. */
export function schemaToJson(schema: Schema, format: JsonFormat, fieldName?: string): string {
  const { type, name, version, doc, parameters, defaultValue } = schema;
  const parts = [`"type":"${typeNames[type] ?? type}"`];
  if (type === 'struct') {
    parts.push(`"fields":[${schema.fields.map((field) => schemaToJson(field.schema, format, field.name)).join(',')}]`);
  } else if (type === 'map') {
    parts.push(
      `"keys":${elementToJson(schema.keySchema, format)}`,
      `"values":${elementToJson(schema.valueSchema, format)}`,
    );
  } else if (type === 'array') {
    parts.push(`"items":${elementToJson(schema.valueSchema, format)}`);
  }
  parts.push(`"optional":${schema.optional}`);
  if (name !== undefined) parts.push(`"name":${jsonString(name)}`);
  if (version !== undefined) parts.push(`"version":${version}`);
  if (doc !== undefined) parts.push(`"doc":${jsonString(doc)}`);
  if (parameters !== undefined) {
    const pairs = Array.from(parameters, ([key, value]) => `${jsonString(key)}:${jsonString(value)}`);
    parts.push(`"parameters":{${pairs.join(',')}}`);
  }
  if (defaultValue !== undefined) parts.push(`"default":${valueToJson(schema, defaultValue, format)}`);
  if (fieldName !== undefined) parts.push(`"field":${jsonString(fieldName)}`);
  return `{${parts.join(',')}}`;
}

function elementToJson(schema: Schema | undefined, format: JsonFormat): string {
  return schema === undefined ? 'null' : schemaToJson(schema, format);
}
