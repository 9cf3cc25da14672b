import { DataError } from '../errors/errors.ts';
import type { Schema } from '../schema/schema.ts';
import { millisecondsPerDay } from './gregorian-calendar.ts';
import { parseString } from './parse-string.ts';
import { integerOf } from './to-number.ts';

const largestDay = 100_000_000n;
const largestTime = 8_640_000_000_000_000n;

/**
 * A `Date` without a schema is taken as it is; the time of day of a timestamp is cut off; any number counts days.
 *
 * @throws DataError for `null` too, and for days that no `Date` can hold.
 */
export function convertToDate(schema: Schema | null, value: unknown): Date {
  const [date, from] = datePart(value, schema, 'a Date');
  if (date !== undefined) {
    if (from === undefined || from === 'date') return date;
    if (from === 'timestamp') {
      const time = date.getTime();
      return new Date(time - (time % millisecondsPerDay));
    }
  }
  const days = integerOf(schema, meaningOf(value), -largestDay, largestDay, 'a Date');
  return new Date(Number(days) * millisecondsPerDay);
}

/**
 * A `Date` without a schema is taken as it is; of a timestamp the time of day stays; any number counts milliseconds.
 *
 * @throws DataError for `null` too, and for more than a day.
 */
export function convertToTime(schema: Schema | null, value: unknown): Date {
  const [date, from] = datePart(value, schema, 'a Time');
  if (date !== undefined) {
    if (from === undefined || from === 'time') return date;
    if (from === 'timestamp') {
      const time = date.getTime() % millisecondsPerDay;
      return new Date(time < 0 ? time + millisecondsPerDay : time);
    }
  }
  return new Date(Number(integerOf(schema, meaningOf(value), 0n, BigInt(millisecondsPerDay), 'a Time')));
}

/**
 * A `Date` without a schema is taken as it is, and so are the milliseconds of a Date or a Time; any number counts
 * milliseconds since 1970.
 *
 * @throws DataError for `null` too, and for times that no `Date` can hold.
 */
export function convertToTimestamp(schema: Schema | null, value: unknown): Date {
  const [date, from] = datePart(value, schema, 'a Timestamp');
  if (date !== undefined && (from === undefined || from === 'timestamp')) return date;
  const factor = date !== undefined && from === 'date' ? millisecondsPerDay : 1;
  const number = integerOf(schema, meaningOf(value), -largestTime, largestTime, 'a Timestamp');
  return new Date(Number(number) * factor);
}

/** The `Date` that a value is, and what its schema says about it. */
function datePart(
  value: unknown,
  schema: Schema | null,
  target: string,
): readonly [Date | undefined, Schema['representation'] | undefined] {
  if (value === null) throw new DataError(`Cannot convert null to ${target}.`);
  const meaning = meaningOf(value);
  const isDate = meaning instanceof Date && !Number.isNaN(meaning.getTime());
  return [isDate ? meaning : undefined, schema?.representation];
}

/** What a text says. */
function meaningOf(value: unknown): unknown {
  return typeof value === 'string' ? parseString(value).value : value;
}
