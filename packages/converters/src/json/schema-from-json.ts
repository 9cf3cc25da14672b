import { DataError, Schema, type SchemaType } from '@millrace/api';
import type { JsonFormat } from './json-options.ts';
import { type JsonNode, JsonNumber } from './parse-json.ts';
import { valueFromJson } from './value-from-json.ts';

type JsonObject = ReadonlyMap<string, JsonNode>;

const types: ReadonlyMap<string, SchemaType> = new Map<string, SchemaType>([
  ['boolean', 'boolean'],
  ['int8', 'int8'],
  ['int16', 'int16'],
  ['int32', 'int32'],
  ['int64', 'int64'],
  ['float', 'float32'],
  ['double', 'float64'],
  ['bytes', 'bytes'],
  ['string', 'string'],
  ['array', 'array'],
  ['map', 'map'],
  ['struct', 'struct'],
]);

/**
 * Reads the `schema` part of an envelope; `null` stands for no schema. As in Java, attributes of the wrong JSON type
 * are ignored where a schema can do without them.
 *
 * @throws DataError with the path inside the schema.
 */
export function schemaFromJson(node: JsonNode | undefined, format: JsonFormat, path = 'schema'): Schema | null {
  return node === null || node === undefined ? null : readSchema(node, format, path);
}

function readSchema(node: JsonNode, format: JsonFormat, path: string): Schema {
  const typeName = node instanceof Map ? (node as JsonObject).get('type') : undefined;
  if (typeof typeName !== 'string') throw invalid(path, `must be an object with the name of a type in "type"`);
  const object = node as JsonObject;
  const type = types.get(typeName);
  if (type === undefined) {
    throw invalid(path, `has the unknown type ${JSON.stringify(typeName)}; known are ${[...types.keys()].join(', ')}`);
  }
  const name = object.get('name');
  const version = object.get('version');
  const doc = object.get('doc');
  const schema = Schema.from({
    type,
    ...readElements(type, object, format, path),
    optional: object.get('optional') === true,
    name: typeof name === 'string' ? name : undefined,
    version: version instanceof JsonNumber && version.isInteger ? Number(version.text) | 0 : undefined,
    doc: typeof doc === 'string' ? doc : undefined,
    parameters: readParameters(object.get('parameters'), path),
  });
  const defaultNode = object.get('default');
  if (defaultNode === undefined) return schema;
  const value = valueFromJson(schema, defaultNode, format, `${path}.default`);
  return value === null ? schema : schema.with({ default: value });
}

function readElements(type: SchemaType, object: JsonObject, format: JsonFormat, path: string) {
  switch (type) {
    case 'array':
      return { valueSchema: element(object, 'items', format, path) };
    case 'map':
      return { keySchema: element(object, 'keys', format, path), valueSchema: element(object, 'values', format, path) };
    case 'struct':
      return { fields: readFields(object.get('fields'), format, path) };
    default:
      return {};
  }
}

function element(object: JsonObject, key: string, format: JsonFormat, path: string): Schema {
  const node = object.get(key);
  if (node === undefined || node === null)
    throw invalid(path, `is of type ${key === 'items' ? 'array' : 'map'} and needs "${key}"`);
  return readSchema(node, format, `${path}.${key}`);
}

function readFields(node: JsonNode | undefined, format: JsonFormat, path: string) {
  if (!Array.isArray(node)) throw invalid(path, 'is of type struct and needs an array "fields"');
  return (node as readonly JsonNode[]).map((fieldNode, index) => {
    const fieldPath = `${path}.fields[${index}]`;
    const name = fieldNode instanceof Map ? (fieldNode as JsonObject).get('field') : undefined;
    if (typeof name !== 'string') throw invalid(fieldPath, 'must be an object with the name of the field in "field"');
    return { name, index, schema: readSchema(fieldNode, format, fieldPath) };
  });
}

function readParameters(node: JsonNode | undefined, path: string): ReadonlyMap<string, string> | undefined {
  if (node === undefined || node === null) return undefined;
  if (!(node instanceof Map)) throw invalid(path, 'has "parameters" that are no object');
  for (const [key, value] of node as JsonObject) {
    if (typeof value !== 'string') throw invalid(path, `has a parameter ${JSON.stringify(key)} that is no string`);
  }
  return node as ReadonlyMap<string, string>;
}

function invalid(path: string, message: string): DataError {
  return new DataError(`Invalid schema: ${path} ${message}.`, { path });
}
