import { Schema } from '../schema/schema.ts';
import type { SchemaType } from '../schema/schema-type.ts';

/** Each can hold the values of those before it, more or less exactly. */
const numeric: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'];

/** The schema of values of both schemas; `undefined` when there is none. */
export function commonSchema(left: Schema, right: Schema): Schema | undefined {
  if (left === right) return left;
  if (left.type === right.type) {
    if (left.type === 'array')
      return Schema.from({ type: 'array', valueSchema: commonElement('valueSchema', left, right) });
    if (left.type === 'map') {
      return Schema.from({
        type: 'map',
        keySchema: commonElement('keySchema', left, right),
        valueSchema: commonElement('valueSchema', left, right),
      });
    }
    return undefined;
  }
  if (left.name !== undefined || right.name !== undefined) return undefined;
  const [leftRank, rightRank] = [numeric.indexOf(left.type), numeric.indexOf(right.type)];
  if (leftRank < 0 || rightRank < 0) return undefined;
  return leftRank > rightRank ? left : right;
}

function commonElement(part: 'keySchema' | 'valueSchema', left: Schema, right: Schema): Schema | undefined {
  const [leftPart, rightPart] = [left[part], right[part]];
  return leftPart && rightPart && commonSchema(leftPart, rightPart);
}

/** Brings a value into the form of a schema that {@link commonSchema} found for it; `undefined`: without a schema. */
export function align(schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined) return withoutSchema(value);
  if (Array.isArray(value)) return value.map((item) => align(schema.valueSchema, item));
  if (value instanceof Map) {
    return new Map([...value].map(([key, inner]) => [align(schema.keySchema, key), align(schema.valueSchema, inner)]));
  }
  switch (schema.type) {
    case 'int64':
      return typeof value === 'number' ? BigInt(value) : value;
    case 'float32':
      return Math.fround(Number(value));
    case 'float64':
      return Number(value);
    default:
      return value;
  }
}

/** A map with only texts as keys is an object then, and a bigint is there for large numbers only. */
function withoutSchema(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withoutSchema);
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([key, inner]) => [key, withoutSchema(inner)] as const);
  // `fromEntries` defines every key, `__proto__` too.
  return entries.every(([key]) => typeof key === 'string') ? Object.fromEntries(entries) : new Map(entries);
}
