import { Decimal, type Schema, type Struct } from '@millrace/api';
import { parseJavaFloat } from '@millrace/java';
import type { JsonFormat } from './json-options.ts';
import { at, dateOfDays, dateOfMilliseconds, decimalOfBytes, scaleOf, timestampOf } from './logical-values.ts';
import { type JsonNode, JsonNumber } from './parse-json.ts';

/** As in Java, blanks and control characters between the digits of base64 are skipped. */
const blanks = /[^!-\uffff]+/g;
const base64 = /^[A-Za-z\d+/]*={0,2}$/;
const limits = { int8: 2n ** 7n, int16: 2n ** 15n, int32: 2n ** 31n, int64: 2n ** 63n } as const;
/** More than any integer of 64 bits needs, and short enough to be written out. */
const largestExponent = 40;

/**
 * The value that a JSON node stands for under a schema. This is the plain form of the decoder: it decides what is right and
 * says what is wrong and where; the compiled decoder only is faster for what is laid out as expected.
 *
 * @throws DataError with the field path.
 */
export function valueFromJson(schema: Schema, node: JsonNode, format: JsonFormat, path?: string): unknown {
  if (node === null) return nullFromJson(schema, format, path);
  switch (schema.representation) {
    case 'int8':
    case 'int16':
    case 'int32':
      return Number(integerFromJson(schema, schema.representation, node, path));
    case 'int64':
      return integerFromJson(schema, 'int64', node, path);
    case 'float32':
    case 'float64':
      return floatFromJson(schema, node, path);
    case 'boolean':
      if (typeof node !== 'boolean') throw wrong(schema, 'true or false', node, path);
      return node;
    case 'string':
      if (typeof node !== 'string') throw wrong(schema, 'a string', node, path);
      return node;
    case 'bytes':
      return bytesFromJson(schema, node, path);
    case 'decimal':
      return decimalFromJson(schema, node, path);
    case 'date':
      return dateOfDays(Number(integerFromJson(schema, 'int32', node, path)), path);
    case 'time':
      return dateOfMilliseconds(Number(integerFromJson(schema, 'int32', node, path)), path);
    case 'timestamp':
      return timestampOf(Number(integerFromJson(schema, 'int64', node, path)), path);
    case 'array':
      return arrayFromJson(schema, node, format, path);
    case 'map':
      return mapFromJson(schema, node, format, path);
    case 'struct':
      return structFromJson(schema, node, format, path);
  }
}

function nullFromJson(schema: Schema, format: JsonFormat, path: string | undefined): unknown {
  if (schema.defaultValue !== undefined && format.replaceNullWithDefault) return schema.defaultValue;
  if (schema.optional) return null;
  throw at(path, (where) => `Missing value${where}: schema type ${typeOf(schema)} is required.`);
}

function integerFromJson(schema: Schema, type: keyof typeof limits, node: JsonNode, path: string | undefined): bigint {
  const limit = limits[type];
  const expected = () => `an integer from ${-limit} to ${limit - 1n}`;
  if (!(node instanceof JsonNumber)) throw wrong(schema, expected(), node, path);
  const value = node.isInteger
    ? BigInt(node.text.replace(/^(-?)0+(?=\d)/, '$1').replace(/^-0$/, '0'))
    : wholeNumber(node.text);
  if (value === undefined || value < -limit || value >= limit) throw wrong(schema, expected(), node, path);
  return value;
}

/** `5.0` and `1e3` are integers, `5.7` is none. */
function wholeNumber(text: string): bigint | undefined {
  const { unscaled, scale } = Decimal.parse(text);
  if (unscaled === 0n) return 0n;
  if (scale <= 0) return scale < -largestExponent ? undefined : unscaled * 10n ** BigInt(-scale);
  if (scale > text.length) return undefined;
  const divisor = 10n ** BigInt(scale);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

function floatFromJson(schema: Schema, node: JsonNode, path: string | undefined): number {
  if (node instanceof JsonNumber) {
    // As in Java, which reads decimal numbers: there is no negative zero.
    return (schema.type === 'float32' ? parseJavaFloat(node.text) : Number(node.text)) + 0;
  }
  switch (node) {
    case 'NaN':
      return Number.NaN;
    case 'Infinity':
      return Number.POSITIVE_INFINITY;
    case '-Infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      throw wrong(schema, 'a number', node, path);
  }
}

function bytesFromJson(schema: Schema, node: JsonNode, path: string | undefined): Buffer {
  if (typeof node !== 'string') throw wrong(schema, 'a base64 string', node, path);
  const text = node.replace(blanks, '');
  if (text.length % 4 !== 0 || !base64.test(text)) throw wrong(schema, 'a base64 string', node, path);
  return Buffer.from(text, 'base64');
}

function decimalFromJson(schema: Schema, node: JsonNode, path: string | undefined): Decimal {
  if (node instanceof JsonNumber) {
    scaleOf(schema, path);
    return Decimal.parse(node.text);
  }
  if (typeof node !== 'string') throw wrong(schema, 'a number or a base64 string', node, path);
  return decimalOfBytes(schema, bytesFromJson(schema, node, path), path);
}

function arrayFromJson(schema: Schema, node: JsonNode, format: JsonFormat, path: string | undefined): unknown[] {
  if (!Array.isArray(node)) throw wrong(schema, 'an array', node, path);
  const items = schema.valueSchema as Schema;
  return node.map((item: JsonNode, index) => valueFromJson(items, item, format, `${path ?? ''}[${index}]`));
}

function mapFromJson(
  schema: Schema,
  node: JsonNode,
  format: JsonFormat,
  path: string | undefined,
): Map<unknown, unknown> {
  const keySchema = schema.keySchema as Schema;
  const valueSchema = schema.valueSchema as Schema;
  const map = new Map<unknown, unknown>();
  if (keySchema.type === 'string') {
    if (!(node instanceof Map)) throw wrong(schema, 'an object, as its keys are strings', node, path);
    for (const [key, value] of node as ReadonlyMap<string, JsonNode>) {
      map.set(key, valueFromJson(valueSchema, value, format, `${path ?? ''}{${key}}`));
    }
    return map;
  }
  if (!Array.isArray(node)) throw wrong(schema, 'an array of pairs, as its keys are no strings', node, path);
  for (const [index, entry] of (node as readonly JsonNode[]).entries()) {
    const entryPath = `${path ?? ''}[${index}]`;
    if (!Array.isArray(entry) || entry.length !== 2) throw wrong(schema, 'a pair of key and value', entry, entryPath);
    const key = valueFromJson(keySchema, entry[0], format, `${entryPath}{key}`);
    map.set(key, valueFromJson(valueSchema, entry[1], format, `${entryPath}{value}`));
  }
  return map;
}

function structFromJson(schema: Schema, node: JsonNode, format: JsonFormat, path: string | undefined): Struct {
  if (!(node instanceof Map)) throw wrong(schema, 'an object', node, path);
  const object = node as ReadonlyMap<string, JsonNode>;
  const values: Record<string, unknown> = Object.create(null);
  for (const { name, schema: fieldSchema } of schema.fields) {
    const fieldPath = path === undefined ? name : `${path}.${name}`;
    values[name] = valueFromJson(fieldSchema, object.get(name) ?? null, format, fieldPath);
  }
  return (schema as Schema<Struct>).create(values as never);
}

function wrong(schema: Schema, expected: string, node: JsonNode, path: string | undefined): Error {
  return at(
    path,
    (where) => `Wrong value${where}: schema type ${typeOf(schema)} takes ${expected}, got ${kindOf(node)}.`,
  );
}

function typeOf(schema: Schema): string {
  return schema.name === undefined ? schema.type : `${schema.type} (${schema.name})`;
}

function kindOf(node: JsonNode): string {
  if (node instanceof JsonNumber)
    return `the number ${node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text}`;
  if (typeof node === 'string')
    return `the string ${JSON.stringify(node.length > 40 ? `${node.slice(0, 40)}…` : node)}`;
  if (typeof node === 'boolean') return String(node);
  if (node === null) return 'null';
  return Array.isArray(node) ? 'an array' : 'an object';
}
