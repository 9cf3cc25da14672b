import type { SchemaAndValue } from '../plugins/converter.ts';
import { Schema } from '../schema/schema.ts';
import { calendarDayOf, epochDayOf, millisecondsPerDay } from './gregorian-calendar.ts';

const datePattern = /^[ \t]*(\d+)-[ \t]*(\d+)-[ \t]*(\d+)/;
const timePattern = /^[ \t]*(\d+):[ \t]*(\d+):[ \t]*(\d+)\.[ \t]*(\d+)Z/;
const timestampPattern = /^[ \t]*(\d+)-[ \t]*(\d+)-[ \t]*(\d+)T[ \t]*(\d+):[ \t]*(\d+):[ \t]*(\d+)\.[ \t]*(\d+)Z/;

const dateLength = '2019-08-23'.length;
const timeLength = '14:34:54.346Z'.length;
const timestampLength = '2019-08-23T14:34:54.346Z'.length;
const largestTime = 8.64e15;

/**
 * Reads a date, a time of day or a timestamp in ISO form with milliseconds and `Z`; which of the three is told by the
 * length alone. As lenient as `java.text.SimpleDateFormat`: February 30th is the 2nd of March, trailing text is ignored.
 */
export function parseTemporal(text: string): SchemaAndValue | undefined {
  const plain = text.replaceAll('\\:', ':');
  switch (plain.length) {
    case timeLength: {
      const parts = numbersOf(timePattern, plain);
      return parts && temporal(Schema.time, millisecondsOf(parts));
    }
    case timestampLength: {
      const parts = numbersOf(timestampPattern, plain);
      return parts && temporal(Schema.timestamp, dayOf(parts) * millisecondsPerDay + millisecondsOf(parts.slice(3)));
    }
    case dateLength: {
      const parts = numbersOf(datePattern, plain);
      return parts && temporal(Schema.date, dayOf(parts) * millisecondsPerDay);
    }
    default:
      return undefined;
  }
}

/**
 * Writes what {@link parseTemporal} reads: the time of day alone for the first day of 1970, the date alone for any
 * other midnight, else both.
 */
export function formatTemporal(value: Date): string {
  const time = value.getTime();
  const epochDay = Math.floor(time / millisecondsPerDay);
  const timeOfDay = formatTimeOfDay(time - epochDay * millisecondsPerDay);
  if (epochDay === 0) return timeOfDay;
  const { year, month, day } = calendarDayOf(epochDay);
  // There is no ISO form that a reader of these texts knows; what is written reads as a text.
  if (year < 1) return value.toISOString();
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return time === epochDay * millisecondsPerDay ? date : `${date}T${timeOfDay}`;
}

function temporal(schema: Schema<Date>, time: number): SchemaAndValue | undefined {
  return Math.abs(time) <= largestTime ? { schema, value: new Date(time) } : undefined;
}

function numbersOf(pattern: RegExp, text: string): readonly number[] | undefined {
  return pattern.exec(text)?.slice(1).map(Number);
}

function dayOf([year = 0, month = 0, day = 0]: readonly number[]): number {
  return epochDayOf(year, month, day);
}

function millisecondsOf([hours = 0, minutes = 0, seconds = 0, milliseconds = 0]: readonly number[]): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

function formatTimeOfDay(time: number): string {
  const seconds = Math.floor(time / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}:${pad(seconds % 60, 2)}.${pad(time % 1000, 3)}Z`;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
