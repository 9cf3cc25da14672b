import { IllegalArgumentError } from '../errors.ts';
import { zoneNamesOf } from './zone-names.ts';

export interface TimeZone {
  readonly id: string;
  /** Milliseconds east of UTC at an instant. */
  offsetAt(epochMillis: number): number;
  /** Whether daylight saving time is in force at an instant. */
  isDaylight(epochMillis: number): boolean;
  /** The offset at an instant without what daylight saving adds. */
  standardOffsetAt(epochMillis: number): number;
}

const minute = 60_000;
const hour = 60 * minute;

/** Ids of three letters that Java knows and that mean another zone, or none, elsewhere. */
const shortIds: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

const zones = new Map<string, TimeZone>();

/**
 * The zone that `TimeZone.getTimeZone` gives for an IANA id, `UTC`, `GMT` or `GMT+hh:mm`. An unknown id, which Java
 * takes for GMT without a word, throws an {@link IllegalArgumentError}.
 */
export function timeZoneOf(id: string): TimeZone {
  let zone = zones.get(id);
  if (zone === undefined) {
    zone = createTimeZone(id);
    zones.set(id, zone);
  }
  return zone;
}

/** The offset that a wall clock time has; skipped times count as standard time, doubled ones as the later instant. */
export function offsetOfWallTime(zone: TimeZone, wallMillis: number): number {
  let low = wallMillis - 26 * hour;
  let high = wallMillis + 26 * hour;
  const before = zone.offsetAt(low);
  const after = zone.offsetAt(high);
  if (before === after) {
    return before;
  }
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (zone.offsetAt(middle) === before) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const transition = Math.floor(high / 1000) * 1000;
  return wallMillis >= transition + after ? after : before;
}

/** The name of a zone at an instant, `GMT+hh:mm` where it has none. */
export function zoneNameAt(zone: TimeZone, epochMillis: number, long: boolean): string {
  const names = zoneNamesOf(zone.id)?.names;
  if (names === undefined) {
    return zone.id === 'GMT' ? 'GMT' : customName(zone.offsetAt(epochMillis));
  }
  return names[(long ? 0 : 1) + (zone.isDaylight(epochMillis) ? 2 : 0)]!;
}

function customName(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / minute));
  const hours = String(Math.trunc(minutes / 60)).padStart(2, '0');
  return `GMT${offset < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}

function createTimeZone(id: string): TimeZone {
  if (id === 'UTC' || id === 'GMT' || id === 'Z') {
    return fixedZone(id === 'Z' ? 'UTC' : id, 0);
  }
  const custom = /^GMT([+-])(\d{1,2})(?::?([0-5]\d))?$/.exec(id);
  if (custom !== null && Number(custom[2]) <= 23) {
    const offset = (Number(custom[2]) * 60 + Number(custom[3] ?? 0)) * minute;
    const signed = custom[1] === '-' ? -offset : offset;
    return fixedZone(offset === 0 ? 'GMT' : customName(signed), signed);
  }
  return namedZone(id);
}

function fixedZone(id: string, offset: number): TimeZone {
  return { id, offsetAt: () => offset, isDaylight: () => false, standardOffsetAt: () => offset };
}

/** The largest instant that Intl can format. */
const lastKnown = 8.64e15;
const firstKnown = Date.UTC(1900, 0, 1);
const cacheStep = 15 * minute;
const cacheLimit = 20_000;

function namedZone(id: string): TimeZone {
  const read = offsetReader(id);
  const nameAt = nameReader(id);
  const cache = new Map<number, number>();
  const standardNow = Math.min(read(Date.UTC(2037, 0, 1)), read(Date.UTC(2037, 6, 1)));
  let lastBucket = Number.NaN;
  let lastOffset = 0;

  function offsetAt(epochMillis: number): number {
    if (epochMillis < firstKnown) {
      // Java does not keep local mean times.
      return standardNow;
    }
    if (epochMillis < 0) {
      return read(epochMillis);
    }
    const bucket = Math.floor(epochMillis / cacheStep);
    if (bucket !== lastBucket) {
      lastOffset = cached(bucket);
      lastBucket = bucket;
    }
    return lastOffset;
  }

  function cached(bucket: number): number {
    let offset = cache.get(bucket);
    if (offset === undefined) {
      offset = read(bucket * cacheStep);
      if (cache.size >= cacheLimit) {
        cache.clear();
      }
      cache.set(bucket, offset);
    }
    return offset;
  }

  function isDaylight(epochMillis: number): boolean {
    if (epochMillis < firstKnown) {
      return false;
    }
    const offset = offsetAt(epochMillis);
    const name = nameAt(epochMillis);
    const names = zoneNamesOf(id)?.names ?? [];
    if (name === names[0]) {
      return false;
    }
    if (name === names[2] || /Daylight|Summer/.test(name)) {
      return true;
    }
    return offset - lowestOfYear(epochMillis) >= 30 * minute;
  }

  function lowestOfYear(epochMillis: number): number {
    const year = new Date(Math.min(epochMillis, lastKnown)).getUTCFullYear();
    return Math.min(offsetAt(Date.UTC(year, 0, 1)), offsetAt(Date.UTC(year, 6, 1)));
  }

  function standardOffsetAt(epochMillis: number): number {
    return isDaylight(epochMillis) ? lowestOfYear(epochMillis) : offsetAt(epochMillis);
  }

  return { id, offsetAt, isDaylight, standardOffsetAt };
}

function offsetReader(id: string): (epochMillis: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: shortIds[id] ?? id, timeZoneName: 'longOffset' });
  } catch {
    throw new IllegalArgumentError(
      `Unknown time zone '${id}': use an id such as 'Europe/Paris', 'UTC' or 'GMT+01:00'.`,
    );
  }
  return (epochMillis) => {
    const text = format.format(Math.min(epochMillis, lastKnown));
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)!;
    const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
    return (match[1] === '-' ? -seconds : seconds) * 1000;
  };
}

function nameReader(id: string): (epochMillis: number) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: shortIds[id] ?? id, timeZoneName: 'long' });
  return (epochMillis) => {
    const parts = format.formatToParts(Math.min(epochMillis, lastKnown));
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  };
}
