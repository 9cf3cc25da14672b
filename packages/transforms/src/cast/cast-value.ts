import { DataError, type Representation, Schema, Values } from '@millrace/api';
import { JavaError } from '@millrace/java';
import { kindOf } from '../core/require.ts';
import { type NumericSource, numericCast } from './cast-number.ts';
import type { CastTarget } from './spec.ts';

export type CastValue = (value: unknown) => unknown;

/**
 * Compiles the cast of a schema's values. What cannot be cast throws only when a value is there; `path` is undefined
 * for the whole key or value.
 */
export function castOf(schema: Schema, target: CastTarget, path: string | undefined): CastValue {
  const { type, representation } = schema;
  if (type === 'array' || type === 'map' || type === 'struct')
    return (value) => (value === null ? null : refuse(type, target, path));
  if (target === 'string') return (value) => Values.convertToString(schema, value);
  const epochNumber = epochNumbers[representation];
  const source = numericSources[epochNumber === undefined ? representation : type];
  if (source === undefined) return (value) => (value === null ? null : refuse(type, target, path));
  const cast = numericCast(source, target) as CastValue;
  if (epochNumber !== undefined) {
    return (value) => {
      if (value === null) return null;
      const time = (value as Date).getTime();
      const number = epochNumber(time);
      return number === undefined ? refuse(`no valid ${representation} (${time} ms)`, target, path) : cast(number);
    };
  }
  return source === 'text' ? parsing(cast, target, path) : (value) => (value === null ? null : cast(value));
}

/** Casts a value without schema. Whole numbers count as integers, as JSON has them. */
export function castPlain(value: unknown, target: CastTarget, path: string | undefined): unknown {
  if (value === null || value === undefined) return null;
  const source = plainSource(value);
  if (target === 'string') {
    if (source === undefined && !(value instanceof Uint8Array)) return refuse(kindOf(value), target, path);
    return Values.convertToString(null, value);
  }
  if (source === undefined) return refuse(kindOf(value), target, path);
  const cast = numericCast(source, target) as CastValue;
  const result = source === 'text' ? parsing(cast, target, path)(value) : cast(value);
  return typeof result === 'bigint' ? asPlainInteger(result) : result;
}

export function schemaOf(target: CastTarget): Schema {
  return Schema[target];
}

const millisecondsPerDay = 86_400_000;

const numericSources: { readonly [R in Representation]?: NumericSource } = {
  int8: 'integer',
  int16: 'integer',
  int32: 'integer',
  int64: 'long',
  float32: 'floating',
  float64: 'floating',
  decimal: 'decimal',
  boolean: 'boolean',
  string: 'text',
};

/** The number that a date stands for in its schema's type; `undefined` when it is none of that type. */
const epochNumbers: { readonly [R in Representation]?: (time: number) => number | bigint | undefined } = {
  date: (time) => (time % millisecondsPerDay === 0 ? time / millisecondsPerDay : undefined),
  time: (time) => (time >= 0 && time <= millisecondsPerDay ? time : undefined),
  timestamp: (time) => (Number.isNaN(time) ? undefined : BigInt(time)),
};

function plainSource(value: unknown): NumericSource | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'floating';
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'long' : undefined;
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'text';
    default:
      return undefined;
  }
}

/** Without a schema only integers beyond 2^53 are bigint. */
function asPlainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function parsing(cast: CastValue, target: CastTarget, path: string | undefined): (text: unknown) => unknown {
  return (text) => {
    if (text === null) return null;
    try {
      return cast(text);
    } catch (cause) {
      if (!JavaError.isInstance(cause)) throw cause;
      throw new DataError(
        `${subject(path)} holds ${shorten(text as string)}, which is no ${target} or out of its range.`,
        {
          cause,
          ...(path !== undefined && { path }),
        },
      );
    }
  };
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function refuse(type: string, target: CastTarget, path: string | undefined): never {
  throw new DataError(
    `${subject(path)} is ${type}, which cannot be cast to ${target}.`,
    path === undefined ? {} : { path },
  );
}

function subject(path: string | undefined): string {
  return path === undefined ? 'The whole key or value' : `Field ${path}`;
}
