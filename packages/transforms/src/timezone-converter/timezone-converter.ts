import { type ConnectRecord, DataError, type Field, misfit, Schema, type Transform } from '@millrace/api';
import { isCalendarDay, offsetMilliseconds } from '../core/iso-parts.ts';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { kindOf, requireObject, requireStruct } from '../core/require.ts';
import { changePlain, type PlainVisitor } from '../fields/change-plain.ts';
import { compileStructChange, type NewField } from '../fields/change-struct.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { fieldTree } from '../fields/field-tree.ts';
import type { TimestampMode, TimezoneConverterConfig } from './config.ts';
import { offsetText, type Zone, zoneOf } from './zone.ts';

const purpose = 'converting time zones';
const isoTimestamp = /^(\d{4}-\d\d-\d\d)([T ])((?:[01]\d|2[0-3]):\d\d(?::\d\d)?)([.,]\d+)?(Z|[+-]\d\d:?\d\d)?$/i;

/** What one millisecond is in the int64 timestamps of Debezium, by the names of their schemas. */
const unitsPerMillisecond: ReadonlyMap<string | undefined, bigint> = new Map([
  ['io.debezium.time.Timestamp', 1n],
  ['io.debezium.time.MicroTimestamp', 1000n],
  ['io.debezium.time.NanoTimestamp', 1_000_000n],
]);

/** Brings timestamps in fields of the key or value into a time zone. */
export function timezoneConverter(config: TimezoneConverterConfig, part: RecordPart): Transform {
  const { timestamps: mode, replaceNull } = config;
  const zone = zoneOf(config.timezone);
  const textZone = zoneOf(config.textTimezone);
  const tree = fieldTree<true>(config.fields.map((field) => [parseFieldPath(field, 'V2'), true]));

  const compile = perSchema((schema) =>
    compileStructChange<true>(
      schema,
      tree,
      { found: (field, _, path) => newField(field, path) },
      { replaceNull, keepOptional: true, defaults: 'keep' },
    ),
  );

  function newField({ name, schema }: Field, path: string): NewField<void> {
    const { representation, optional } = schema;
    const units = representation === 'int64' ? unitsPerMillisecond.get(schema.name) : undefined;
    if (representation === 'string') {
      return { name, schema, compute: notNull((value) => convertText(value, schema, path)) };
    }
    if (representation !== 'timestamp' && units === undefined) {
      throw new DataError(`Field ${path} is of ${schema}: only texts and timestamps can be brought into a time zone.`, {
        path,
      });
    }
    const toMoment = units === undefined ? dateMoment : (value: unknown) => unitMoment(value, units);
    const moment = (value: unknown) => toMoment(value) ?? fail(schema, value, path);
    if (mode === 'text') {
      const compute = notNull((value) => momentText(moment(value), zone, path));
      return { name, schema: optional ? Schema.string.asOptional() : Schema.string, compute };
    }
    const back = units === undefined ? (time: number) => new Date(time) : undefined;
    const compute = notNull((value) => {
      const { time, rest } = moment(value);
      const shifted = time + shift(time, zone, mode);
      return back?.(shifted) ?? BigInt(shifted) * (units as bigint) + rest;
    });
    return { name, schema, compute };
  }

  function convertText(value: unknown, schema: Schema, path: string): string {
    if (typeof value !== 'string') throw misfit(schema, value, path);
    const [, date, separator, time, fraction = '', offset] = isoTimestamp.exec(value) ?? [];
    const local = date === undefined || !isCalendarDay(date) ? Number.NaN : Date.parse(`${date}T${time}Z`);
    const named = offset === undefined ? undefined : offsetMilliseconds(offset);
    if (Number.isNaN(local) || (offset !== undefined && named === undefined)) {
      throw new DataError(`"${value.slice(0, 60)}" at ${path} is no timestamp of ISO 8601.`, { path });
    }
    const instant = local - (named ?? textZone.offsetAtLocal(local));
    const ahead = zone.offsetAt(instant);
    const shown = shownText(instant + ahead, path);
    return `${shown.slice(0, 10)}${separator}${shown.slice(11, 19)}${fraction}${offsetText(ahead)}`;
  }

  const visitor: PlainVisitor<true, void> = {
    found(value, _, path) {
      if (value === null || value === undefined) return value;
      if (typeof value === 'string') return convertText(value, Schema.string, path);
      const moment = dateMoment(value);
      if (moment === undefined) {
        throw new DataError(
          `The value at ${path} is ${kindOf(value)}: only texts and Dates can be brought into a time zone.`,
          { path },
        );
      }
      return mode === 'text' ? momentText(moment, zone, path) : new Date(moment.time + shift(moment.time, zone, mode));
    },
  };

  return {
    apply<R extends ConnectRecord>(record: R) {
      const value = part.value(record);
      if (value === null) return record;
      const schema = part.schema(record);
      if (schema === null) {
        return part.replace(record, null, changePlain(requireObject(value, purpose, part), tree, visitor, undefined));
      }
      const struct = requireStruct(schema, value, purpose, part);
      const change = compile(schema);
      return part.replace(record, change.schema, change.map(struct));
    },
  };
}

/** An instant in milliseconds, and what is left below a millisecond in the unit that it came in. */
interface Moment {
  readonly time: number;
  readonly rest: bigint;
  /** Digits of that rest, as they stand behind the milliseconds. */
  readonly restText: string;
}

function dateMoment(value: unknown): Moment | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  return { time: value.getTime(), rest: 0n, restText: '' };
}

function unitMoment(value: unknown, units: bigint): Moment | undefined {
  if (typeof value !== 'bigint') return undefined;
  const rest = ((value % units) + units) % units;
  const time = Number((value - rest) / units);
  if (Math.abs(time) > 8_640_000_000_000_000) return undefined;
  return { time, rest, restText: units === 1n ? '' : rest.toString().padStart(units.toString().length - 1, '0') };
}

function momentText({ time, restText }: Moment, zone: Zone, path: string): string {
  const ahead = zone.offsetAt(time);
  const shown = shownText(time + ahead, path);
  return `${shown.slice(0, -1)}${restText}${offsetText(ahead)}`;
}

function shownText(local: number, path: string): string {
  const date = new Date(local);
  const year = date.getUTCFullYear();
  if (year >= 0 && year <= 9999) return date.toISOString();
  throw new DataError(`The timestamp at ${path} is outside the years 0000 to 9999 in the time zone.`, { path });
}

function shift(time: number, zone: Zone, mode: TimestampMode): number {
  return mode === 'local' ? zone.offsetAt(time) : -zone.offsetAtLocal(time);
}

function notNull(convert: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function fail(schema: Schema, value: unknown, path: string): never {
  throw misfit(schema, value, path);
}
