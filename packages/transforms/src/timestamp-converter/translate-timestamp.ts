import { DataError, misfit, Schema } from '@millrace/api';
import { JavaDateFormat } from '@millrace/java';
import type { TimestampConverterConfig, TimestampTarget, UnixPrecision } from './config.ts';

/** Where a timestamp stands, for errors. */
export interface TimestampLocation {
  readonly part: string;
  readonly path?: string;
}

/** Makes one kind of timestamp from another. */
export interface TimestampTranslator {
  /** The schema of what comes out. */
  readonly schema: Schema;
  /** How values of a schema are translated; `null` stays `null`. Throws a DataError for schemas of no timestamp. */
  readonly from: (schema: Schema, location: TimestampLocation) => (value: unknown) => unknown;
  /** Translates a value without schema; what it looks like decides. */
  readonly plain: (value: unknown, location: TimestampLocation) => unknown;
}

const day = 86_400_000;
const largestTime = 8_640_000_000_000_000;

export function timestampTranslator(
  config: Pick<TimestampConverterConfig, 'targetType' | 'format' | 'unixPrecision'>,
): TimestampTranslator {
  const { targetType, unixPrecision } = config;
  const format = config.format === '' ? undefined : new JavaDateFormat(config.format);
  const write = writerOf(targetType, unixPrecision, format);

  const readText = (text: string, location: TimestampLocation): number => {
    if (format === undefined) {
      throw new DataError('A text can only be read as a timestamp with a pattern; set format.', location);
    }
    return inRange(parse(format, text, location), text, location);
  };
  const readUnix = (value: bigint, location: TimestampLocation): number =>
    inRange(Number(toMilliseconds(value, unixPrecision)), value, location);

  function from(schema: Schema, location: TimestampLocation): (value: unknown) => unknown {
    switch (schema.representation) {
      case 'timestamp':
      case 'date':
      case 'time':
        return nullOr((value) => write(timeOf(value, schema, location)));
      case 'string':
        return nullOr((value) => {
          if (typeof value !== 'string') throw misfit(schema, value, location.path);
          return write(readText(value, location));
        });
      case 'int64':
        return nullOr((value) => {
          if (typeof value !== 'bigint') throw misfit(schema, value, location.path);
          return write(readUnix(value, location));
        });
      default:
        throw new DataError(`${schema} does not correspond to a known timestamp type.`, location);
    }
  }

  function plain(value: unknown, location: TimestampLocation): unknown {
    if (value === null || value === undefined) return null;
    const time =
      typeof value === 'string'
        ? readText(value, location)
        : typeof value === 'bigint' || Number.isSafeInteger(value)
          ? readUnix(BigInt(value as number | bigint), location)
          : timeOf(value, Schema.timestamp, location);
    const written = write(time);
    return typeof written === 'bigint' && isSafe(written) ? Number(written) : written;
  }

  return { schema: schemas[targetType], from, plain };
}

const schemas: Readonly<Record<TimestampTarget, Schema>> = {
  string: Schema.string,
  unix: Schema.int64,
  Date: Schema.date,
  Time: Schema.time,
  Timestamp: Schema.timestamp,
};

function nullOr(translate: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => (value === null || value === undefined ? null : translate(value));
}

function timeOf(value: unknown, schema: Schema, location: TimestampLocation): number {
  const time = value instanceof Date ? value.getTime() : Number.NaN;
  if (Number.isNaN(time)) throw misfit(schema, value, location.path);
  return time;
}

function parse(format: JavaDateFormat, text: string, location: TimestampLocation): number {
  try {
    return format.parse(text);
  } catch (cause) {
    throw new DataError(`Could not parse timestamp: value (${text}) does not match pattern (${format.pattern}).`, {
      ...location,
      cause,
    });
  }
}

function inRange(time: number, value: unknown, location: TimestampLocation): number {
  if (Math.abs(time) <= largestTime) return time;
  throw new DataError(
    `${String(value)} is no timestamp between the years -271821 and 275760; is unix.precision right?`,
    location,
  );
}

function writerOf(
  target: TimestampTarget,
  precision: UnixPrecision,
  format: JavaDateFormat | undefined,
): (time: number) => unknown {
  switch (target) {
    case 'string':
      if (format === undefined) throw new TypeError('Timestamps can only be written as text with a pattern.');
      return (time) => format.format(time);
    case 'unix':
      return (time) => fromMilliseconds(time, precision);
    case 'Date':
      return (time) => new Date(Math.floor(time / day) * day);
    case 'Time':
      return (time) => new Date(time - Math.floor(time / day) * day);
    case 'Timestamp':
      return (time) => new Date(time);
  }
}

/** Rounds towards zero, as Java's TimeUnit does. */
function toMilliseconds(value: bigint, precision: UnixPrecision): bigint {
  switch (precision) {
    case 'seconds':
      return value * 1000n;
    case 'milliseconds':
      return value;
    case 'microseconds':
      return value / 1000n;
    case 'nanoseconds':
      return value / 1_000_000n;
  }
}

function fromMilliseconds(time: number, precision: UnixPrecision): bigint {
  switch (precision) {
    case 'seconds':
      return BigInt(Math.trunc(time / 1000));
    case 'milliseconds':
      return BigInt(time);
    case 'microseconds':
      return BigInt(time) * 1000n;
    case 'nanoseconds':
      return saturate(BigInt(time) * 1_000_000n);
  }
}

/** Nanoseconds end in the year 2262; as in Java, what is later (9999-12-31) stands at that end. */
function saturate(value: bigint): bigint {
  const largest = 9_223_372_036_854_775_807n;
  if (value > largest) return largest;
  return value < -largest - 1n ? -largest - 1n : value;
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}
