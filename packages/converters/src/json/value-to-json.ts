import { type Decimal, fits, formatDouble, formatFloat, misfit, type Schema, type Struct } from '@millrace/api';
import type { JsonFormat } from './json-options.ts';
import { jsonString } from './json-string.ts';
import { at, daysOf, decimalBytes, millisecondsOf } from './logical-values.ts';

/**
 * The JSON of a value of a schema, as Java writes it. This is the plain form of the encoder: it decides what is right and
 * says what is wrong and where; the compiled encoder only is faster where nothing is wrong.
 *
 * @throws DataError with the field path.
 */
export function valueToJson(schema: Schema, value: unknown, format: JsonFormat, path?: string): string {
  if (value === null || value === undefined) return nullToJson(schema, format, path);
  if (!fits(schema.representation, value)) throw misfit(schema, value, path);
  switch (schema.representation) {
    case 'int8':
    case 'int16':
    case 'int32':
      return String((value as number) | 0);
    case 'int64':
      return (value as bigint).toString();
    case 'float32':
      return floatToJson(formatFloat(value as number));
    case 'float64':
      return floatToJson(formatDouble(value as number));
    case 'boolean':
      return value === true ? 'true' : 'false';
    case 'string':
      return jsonString(value as string);
    case 'bytes':
      return bytesToJson(value as Uint8Array);
    case 'decimal':
      return decimalToJson(schema, value as Decimal, format, path);
    case 'date':
      return String(daysOf(value as Date, path));
    case 'time':
      return String(millisecondsOf(value as Date, path));
    case 'timestamp':
      return String((value as Date).getTime());
    case 'array':
      return arrayToJson(schema, value as readonly unknown[], format, path);
    case 'map':
      return mapToJson(schema, value as ReadonlyMap<unknown, unknown>, format, path);
    case 'struct':
      return structToJson(schema, value as Struct, format, path);
  }
}

/** NaN and the infinities are no JSON numbers; Java writes them as strings. */
export function floatToJson(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0x30 && last <= 0x39 ? text : `"${text}"`;
}

export function bytesToJson(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}"`;
}

function nullToJson(schema: Schema, format: JsonFormat, path: string | undefined): string {
  if (schema.defaultValue !== undefined && format.replaceNullWithDefault) {
    return valueToJson(schema, schema.defaultValue, format, path);
  }
  if (schema.optional) return 'null';
  throw misfit(schema, null, path);
}

function decimalToJson(schema: Schema, value: Decimal, format: JsonFormat, path: string | undefined): string {
  return format.decimalFormat === 'NUMERIC' ? value.toString() : bytesToJson(decimalBytes(schema, value, path));
}

function arrayToJson(schema: Schema, values: readonly unknown[], format: JsonFormat, path: string | undefined): string {
  const items = schema.valueSchema;
  if (items === undefined) throw at(path, (where) => `Array schema${where} has no schema for its items.`);
  const parts = Array.from(values, (value, index) => valueToJson(items, value, format, `${path ?? ''}[${index}]`));
  return `[${parts.join(',')}]`;
}

function mapToJson(
  schema: Schema,
  map: ReadonlyMap<unknown, unknown>,
  format: JsonFormat,
  path: string | undefined,
): string {
  const { keySchema, valueSchema } = schema;
  if (keySchema === undefined || valueSchema === undefined) {
    throw at(path, (where) => `Map schema${where} has no schema for its keys or its values.`);
  }
  const parts: string[] = [];
  for (const [key, value] of map) {
    const keyJson = valueToJson(keySchema, key, format, `${path ?? ''}{key}`);
    const valueJson = valueToJson(valueSchema, value, format, `${path ?? ''}{${String(key)}}`);
    if (keySchema.type !== 'string') parts.push(`[${keyJson},${valueJson}]`);
    else parts.push(`${keyJson === 'null' ? '"null"' : keyJson}:${valueJson}`);
  }
  return keySchema.type === 'string' ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
}

function structToJson(schema: Schema, struct: Struct, format: JsonFormat, path: string | undefined): string {
  for (const name in struct) {
    if (schema.field(name) !== undefined) continue;
    throw at(
      path === undefined ? name : `${path}.${name}`,
      (where) => `Unknown field${where}: ${schema} has no such field.`,
    );
  }
  const parts = schema.fields.map(({ name, schema: fieldSchema }) => {
    const value = Object.hasOwn(struct, name) ? struct[name] : null;
    return `${jsonString(name)}:${valueToJson(fieldSchema, value, format, path === undefined ? name : `${path}.${name}`)}`;
  });
  return `{${parts.join(',')}}`;
}
