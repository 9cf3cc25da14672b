import { DataError, type SinkRecord, type Struct, Values } from '@millrace/api';
import { JavaDateFormat } from '@millrace/java';

/**
 * The directory that a record belongs to, below that of its topic, with `/` between its parts. It depends on the record
 * alone: a record that comes again goes to the same place, whatever the time is.
 */
export type Partitioner = (record: SinkRecord) => string;

export interface TimePartitionerOptions {
  /** As SimpleDateFormat has it: `'year'=yyyy/'month'=MM/'day'=dd`. */
  readonly pathFormat: string;
  readonly timeZone: string;
  /** Timestamps are rounded down to a multiple of this, in milliseconds. */
  readonly duration: number;
  /** The field of the value that holds the time; `null`: the record's own timestamp. */
  readonly field: string | null;
}

const longestSegment = 200;

/** As Connect's DefaultPartitioner: `partition=7`. */
export const partitionByKafka: Partitioner = ({ originalPartition }) => `partition=${originalPartition}`;

/** As Connect's FieldPartitioner: `country=de/city=Ulm`, by fields of the value; nested ones with dots between. */
export function partitionByField(fields: readonly string[]): Partitioner {
  const paths = fields.map((field) => ({ field, path: field.split('.') }));
  return (record) =>
    paths
      .map(({ field, path }) => {
        const value = readPath(record, path);
        if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
          throw new DataError(`The field ${field} cannot name a directory: it holds no single value.`, { path: field });
        }
        return segment(`${field}=${value instanceof Date ? value.toISOString() : Values.convertToString(null, value)}`);
      })
      .join('/');
}

/** As Connect's TimeBasedPartitioner, by the time that the record carries; the clock on the wall is never asked. */
export function partitionByTime({ pathFormat, timeZone, duration, field }: TimePartitionerOptions): Partitioner {
  const format = new JavaDateFormat(pathFormat, { timeZone });
  const path = field?.split('.');
  let last = Number.NaN;
  let lastText = '';
  return (record) => {
    const time = path === undefined ? record.timestamp : timeOf(readPath(record, path), field ?? '');
    if (time === null || time < 0) throw new DataError('The record has no timestamp to choose a directory by.');
    const start = Math.floor(time / duration) * duration;
    if (start !== last) {
      lastText = format.format(start).split('/').map(segment).join('/');
      last = start;
    }
    return lastText;
  };
}

function readPath(record: SinkRecord, path: readonly string[]): unknown {
  let value: unknown = record.value;
  for (const [index, name] of path.entries()) {
    if (value === null) return null;
    if (value instanceof Map) value = value.get(name) ?? null;
    else if (typeof value === 'object' && Object.hasOwn(value as object, name)) value = (value as Struct)[name] ?? null;
    else {
      const where = path.slice(0, index + 1).join('.');
      throw new DataError(`There is no field ${where} to choose a directory by.`, { path: where });
    }
  }
  return value;
}

function timeOf(value: unknown, field: string): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new DataError(`The field ${field} holds no time.`, { path: field });
  return time;
}

/** One part of a path, which a value can neither leave nor split: what is no plain character is percent-encoded. */
function segment(text: string): string {
  const encoded = text
    .replaceAll(/[/\\%\p{Cc}:*?"<>|]/gu, encodeCharacter)
    .replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'));
  if (encoded === '') return '_';
  if (Buffer.byteLength(encoded) > longestSegment) {
    throw new DataError(`The value ${text.slice(0, 40)}… is too long for the name of a directory.`);
  }
  return encoded;
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
