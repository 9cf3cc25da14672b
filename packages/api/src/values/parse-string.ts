import { Decimal } from '../data/decimal.ts';
import { DataError } from '../errors/errors.ts';
import { roundToFloat } from '../numbers/round-to-float.ts';
import type { SchemaAndValue } from '../plugins/converter.ts';
import { Schema } from '../schema/schema.ts';
import { align, commonSchema } from './common-schema.ts';
import { parseTemporal } from './temporal-text.ts';
import { Tokens } from './tokens.ts';

/** A header made to exhaust the stack must not end the worker. */
const deepestNesting = 100;

const nothing: SchemaAndValue = { schema: null, value: null };

/**
 * What a text means, with the smallest schema that holds it: `null`, booleans, numbers, dates in ISO form, arrays,
 * maps (up to 100 in each other); anything else is the text itself. Never throws.
 *
 * Only the first value counts, as in Java: `1,000` is 1.
 */
export function parseString(text: string): SchemaAndValue {
  try {
    return parse(new Tokens(text), 0) ?? { schema: Schema.string, value: text };
  } catch (error) {
    if (!DataError.isInstance(error)) throw error;
    return { schema: Schema.string, value: text };
  }
}

/** `undefined` for what has no meaning of its own. @throws DataError when a container is not well formed. */
function parse(tokens: Tokens, depth: number): SchemaAndValue | undefined {
  if (tokens.take('null')) return nothing;
  if (depth > 0 && tokens.take('"')) return parseQuoted(tokens);
  if (tokens.take('true')) return { schema: Schema.boolean, value: true };
  if (tokens.take('false')) return { schema: Schema.boolean, value: false };
  if (tokens.take('[')) return parseArray(tokens, depth + 1);
  if (tokens.take('{')) return parseMap(tokens, depth + 1);
  const token = tokens.next().trim();
  if (!/^[0-9+-]/.test(token)) return undefined;
  if (/^\d/.test(token)) {
    // The colons of a time of day cut it in five.
    const mark = tokens.mark();
    const rest = tokens.nextOf(4);
    const long = rest === undefined ? undefined : parseTemporal(token + rest);
    if (long !== undefined) return long;
    tokens.rewind(mark);
    const short = parseTemporal(token);
    if (short !== undefined) return short;
  }
  return parseNumber(token);
}

function parseElement(tokens: Tokens, depth: number): SchemaAndValue {
  const element = parse(tokens, depth);
  if (element === undefined) throw new DataError('A text in a container must stand in quotes.');
  return element;
}

/** Of quoted texts only dates mean more. A backslash stays, as in Java. */
function parseQuoted(tokens: Tokens): SchemaAndValue {
  let content = '';
  while (tokens.hasNext()) {
    const token = tokens.next();
    if (token === '"') break;
    content += token;
  }
  return parseTemporal(content) ?? { schema: Schema.string, value: content };
}

function parseArray(tokens: Tokens, depth: number): SchemaAndValue {
  if (depth > deepestNesting) throw new DataError('Containers are nested too deep.');
  const items: SchemaAndValue[] = [];
  while (!tokens.take(']')) {
    items.push(parseElement(tokens, depth));
    if (tokens.take(',')) continue;
    if (!tokens.take(']')) throw new DataError('An array must end with ].');
    break;
  }
  const schema = schemaOfAll(items);
  return {
    schema: Schema.from({ type: 'array', valueSchema: schema }),
    value: items.map(({ value }) => align(schema, value)),
  };
}

function parseMap(tokens: Tokens, depth: number): SchemaAndValue {
  if (depth > deepestNesting) throw new DataError('Containers are nested too deep.');
  const keys: SchemaAndValue[] = [];
  const values: SchemaAndValue[] = [];
  while (!tokens.take('}')) {
    const key = parseElement(tokens, depth);
    if (key.value === null || !tokens.take(':')) throw new DataError('An entry of a map is written as key:value.');
    keys.push(key);
    values.push(parseElement(tokens, depth));
    tokens.take(',');
  }
  const keySchema = schemaOfAll(keys);
  const valueSchema = keySchema && schemaOfAll(values);
  return {
    schema: Schema.from({ type: 'map', keySchema, valueSchema }),
    value: new Map(keys.map(({ value }, index) => [align(keySchema, value), align(valueSchema, values[index]?.value)])),
  };
}

/** `undefined` when they have nothing in common. @throws DataError when they have, but for a null. */
function schemaOfAll(items: readonly SchemaAndValue[]): Schema | undefined {
  let common: Schema | undefined;
  for (const { schema } of items) {
    if (schema === null) continue;
    common = common === undefined ? schema : commonSchema(common, schema);
    if (common === undefined) return undefined;
  }
  if (common !== undefined && items.some(({ value }) => value === null)) {
    throw new DataError('A null has no place among values of one type.');
  }
  return common;
}

function parseNumber(token: string): SchemaAndValue | undefined {
  if (token.length < 10 && /^[+-]?\d+$/.test(token)) return smallInteger(Number(token) | 0);
  let decimal: Decimal;
  try {
    decimal = Decimal.parse(token);
  } catch {
    return undefined;
  }
  const integer = exactInteger(decimal);
  if (integer !== undefined) {
    const small = Number(integer);
    if (small === (small | 0)) return smallInteger(small);
    if (BigInt.asIntN(64, integer) === integer) return { schema: Schema.int64, value: integer };
  }
  if (decimal.scale !== 0) {
    const text = decimal.toString();
    const float = roundToFloat(text);
    if (Number.isFinite(float)) return { schema: Schema.float32, value: float };
    if (Number.isFinite(Number(text))) return { schema: Schema.float64, value: Number(text) };
  }
  return { schema: Schema.decimal(decimal.scale), value: decimal };
}

function smallInteger(value: number): SchemaAndValue {
  if (value === (value << 24) >> 24) return { schema: Schema.int8, value };
  return { schema: value === (value << 16) >> 16 ? Schema.int16 : Schema.int32, value };
}

/** The integer that a decimal is, when it is one of at most 19 digits. */
function exactInteger({ unscaled, scale }: Decimal): bigint | undefined {
  if (unscaled === 0n) return 0n;
  const digits = unscaled.toString().replace('-', '').length - scale;
  if (digits < 1 || digits > 19) return undefined;
  if (scale <= 0) return unscaled * 10n ** BigInt(-scale);
  const divisor = 10n ** BigInt(scale);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}
