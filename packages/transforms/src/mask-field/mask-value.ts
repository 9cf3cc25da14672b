import { DataError, Decimal, type Representation, type Schema, Values } from '@millrace/api';
import { bigDecimalSetScale } from '@millrace/java';
import { isPlainObject, kindOf } from '../core/require.ts';

/** Gives what stands for a masked value that is not null. */
export type Mask = () => unknown;

/**
 * What masks the values of a schema. A type that cannot be masked, or not with this replacement, throws only when a
 * value is there to be masked.
 */
export function maskOf(schema: Schema, replacement: string | null, path: string): Mask {
  try {
    const mask = replacement === null ? emptyValue(schema) : replacementFor(schema, replacement);
    if (mask !== undefined) return mask;
    return () => {
      throw refused(schema.representation, replacement, path);
    };
  } catch (cause) {
    return () => {
      throw unfit(replacement, schema.representation, path, cause);
    };
  }
}

/** Masks a value that has no schema and is not null. */
export function maskPlain(value: unknown, replacement: string | null, path: string): unknown {
  const masked = replacement === null ? emptyPlain(value) : replacePlain(value, replacement, path);
  if (masked === undefined) throw refused(kindOf(value), replacement, path);
  return masked;
}

const epoch = new Date(0);
const emptyList: readonly unknown[] = Object.freeze([]);

function emptyValue({ representation, parameters }: Schema): Mask | undefined {
  switch (representation) {
    case 'array':
      return () => emptyList;
    case 'map':
      return () => new Map();
    case 'decimal': {
      const zero = new Decimal(0n, scaleOf(parameters));
      return () => zero;
    }
    default: {
      const empty = emptyValues[representation];
      return empty === undefined ? undefined : () => empty;
    }
  }
}

const emptyValues: { readonly [R in Representation]?: unknown } = {
  int8: 0,
  int16: 0,
  int32: 0,
  int64: 0n,
  float32: 0,
  float64: 0,
  boolean: false,
  string: '',
  date: epoch,
  time: epoch,
  timestamp: epoch,
};

function replacementFor({ representation, parameters }: Schema, replacement: string): Mask | undefined {
  if (representation === 'decimal') {
    const { unscaled, scale } = bigDecimalSetScale(Decimal.parse(replacement), scaleOf(parameters));
    const decimal = new Decimal(unscaled, scale);
    return () => decimal;
  }
  const convert = conversions[representation];
  if (convert === undefined) return undefined;
  const value = convert(null, replacement);
  return () => value;
}

const conversions: { readonly [R in Representation]?: (schema: null, text: string) => unknown } = {
  int8: Values.convertToByte,
  int16: Values.convertToShort,
  int32: Values.convertToInteger,
  int64: Values.convertToLong,
  float32: Values.convertToFloat,
  float64: Values.convertToDouble,
  string: (_, text) => text,
};

function emptyPlain(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return 0;
    case 'bigint':
      return 0n;
    case 'boolean':
      return false;
    case 'string':
      return '';
    default:
      if (Array.isArray(value)) return emptyList;
      if (value instanceof Map) return new Map();
      if (value instanceof Date) return epoch;
      if (Decimal.isInstance(value)) return new Decimal(0n, 0);
      return isPlainObject(value) ? {} : undefined;
  }
}

function replacePlain(value: unknown, replacement: string, path: string): unknown {
  try {
    switch (typeof value) {
      case 'number':
        return Number.isInteger(value)
          ? Number(Values.convertToLong(null, replacement))
          : Values.convertToDouble(null, replacement);
      case 'bigint':
        return Values.convertToLong(null, replacement);
      case 'string':
        return replacement;
      default:
        return Decimal.isInstance(value) ? Decimal.parse(replacement) : undefined;
    }
  } catch (cause) {
    throw unfit(replacement, kindOf(value), path, cause);
  }
}

function scaleOf(parameters: Schema['parameters']): number {
  return Number(parameters?.get('scale') ?? 0);
}

function refused(type: string, replacement: string | null, path: string): DataError {
  const how = replacement === null ? '' : ' with a replacement';
  return new DataError(`Field ${path} is ${type}, which cannot be masked${how}.`, { path });
}

function unfit(replacement: string | null, type: string, path: string, cause: unknown): DataError {
  return new DataError(`The replacement ${replacement} cannot mask field ${path}, which is ${type}.`, { path, cause });
}
