import { DataError, Schema, type SchemaType } from '@millrace/api';

/** The words of the JSON form of Kafka Connect. */
const simpleTypes: Readonly<Record<string, SchemaType>> = {
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  float: 'float32',
  float32: 'float32',
  double: 'float64',
  float64: 'float64',
  boolean: 'boolean',
  string: 'string',
  bytes: 'bytes',
};

/**
 * Reads a schema in the JSON form of Kafka Connect. Defaults are not read.
 *
 * @throws DataError with the path to what is wrong.
 */
export function schemaOfJson(json: unknown, path = 'schema'): Schema {
  if (typeof json === 'string') return schemaOfJson({ type: json }, path);
  if (typeof json !== 'object' || json === null) throw new DataError(`${path} must be an object with a "type".`);
  const { type, optional, name, version, parameters, items, keys, values, fields } = json as Readonly<
    Record<string, unknown>
  >;
  const metadata = {
    optional: optional === true,
    name: typeof name === 'string' ? name : undefined,
    version: typeof version === 'number' ? version : undefined,
    parameters: parametersOf(parameters),
  };
  switch (type) {
    case 'array':
      return Schema.array(schemaOfJson(items, `${path}.items`), metadata);
    case 'map':
      return Schema.map(schemaOfJson(keys, `${path}.keys`), schemaOfJson(values, `${path}.values`), metadata);
    case 'struct':
      return Schema.struct(fieldsOf(fields, path), metadata);
    default: {
      const simple = typeof type === 'string' && Object.hasOwn(simpleTypes, type) ? simpleTypes[type] : undefined;
      if (simple === undefined) throw new DataError(`${path}.type is ${JSON.stringify(type)}, which is no type.`);
      return Schema.from({ type: simple, ...metadata });
    }
  }
}

function fieldsOf(fields: unknown, path: string): readonly (readonly [string, Schema])[] {
  if (!Array.isArray(fields)) throw new DataError(`${path}.fields must be a list.`);
  return fields.map((field: unknown, index) => {
    const where = `${path}.fields[${index}]`;
    const name = typeof field === 'object' && field !== null && 'field' in field ? field.field : undefined;
    if (typeof name !== 'string') throw new DataError(`${where}.field must be the name of the field.`);
    return [name, schemaOfJson(field, where)];
  });
}

function parametersOf(parameters: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof parameters !== 'object' || parameters === null) return undefined;
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}
