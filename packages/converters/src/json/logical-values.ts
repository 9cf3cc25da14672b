import { DataError, Decimal, type Schema } from '@millrace/api';

const millisecondsPerDay = 86_400_000;
const furthestTime = 8.64e15;

/** Days since 1970 of a Date at midnight UTC. */
export function daysOf(date: Date, path: string | undefined): number {
  const time = date.getTime();
  if (time % millisecondsPerDay !== 0) {
    throw at(path, (where) => `Wrong value${where}: a Connect Date must be at midnight UTC, got ${iso(date)}.`);
  }
  return time / millisecondsPerDay;
}

/** Milliseconds of a day, of a Date on 1970-01-01; as in Java the end of the day counts too. */
export function millisecondsOf(date: Date, path: string | undefined): number {
  const time = date.getTime();
  if (!(time >= 0 && time <= millisecondsPerDay)) {
    throw at(path, (where) => `Wrong value${where}: a Connect Time must be on 1970-01-01 in UTC, got ${iso(date)}.`);
  }
  return time;
}

export function dateOfDays(days: number, path: string | undefined): Date {
  return timestampOf(days * millisecondsPerDay, path);
}

export function dateOfMilliseconds(milliseconds: number, path: string | undefined): Date {
  if (milliseconds < 0 || milliseconds > millisecondsPerDay) {
    throw at(path, (where) => `Wrong value${where}: a Connect Time is from 0 to 86400000, got ${milliseconds}.`);
  }
  return new Date(milliseconds);
}

export function timestampOf(milliseconds: number, path: string | undefined): Date {
  if (!(Math.abs(milliseconds) <= furthestTime)) {
    throw at(path, (where) => `Wrong value${where}: ${milliseconds} ms is out of range for a date.`);
  }
  return new Date(milliseconds);
}

/** The scale that a decimal schema names in its parameters. */
export function scaleOf(schema: Schema, path: string | undefined): number {
  const text = schema.parameters?.get('scale');
  const scale = text !== undefined && /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if ((scale | 0) !== scale) {
    throw at(path, (where) =>
      text === undefined
        ? `Invalid decimal schema${where}: parameter "scale" is missing.`
        : `Invalid decimal schema${where}: parameter "scale" must be an integer.`,
    );
  }
  return scale;
}

/** The unscaled bytes of a decimal, which must have the scale of its schema. */
export function decimalBytes(schema: Schema, value: Decimal, path: string | undefined): Buffer {
  const scale = scaleOf(schema, path);
  if (value.scale !== scale) {
    throw at(path, (where) => `Wrong value${where}: decimal of scale ${value.scale}, the schema has scale ${scale}.`);
  }
  return value.toBytes();
}

export function decimalOfBytes(schema: Schema, bytes: Uint8Array, path: string | undefined): Decimal {
  const scale = scaleOf(schema, path);
  if (bytes.length === 0)
    throw at(path, (where) => `Wrong value${where}: a decimal needs at least one byte, got none.`);
  return Decimal.fromBytes(bytes, scale);
}

function iso(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an invalid Date' : date.toISOString();
}

/** An error that names the field path in its text and carries it. */
export function at(path: string | undefined, message: (where: string) => string): DataError {
  return path === undefined ? new DataError(message('')) : new DataError(message(` at ${path}`), { path });
}
