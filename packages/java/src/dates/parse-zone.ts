import { matchesIgnoringCase, type Reading } from './reading.ts';
import { timeZoneOf } from './time-zone.ts';
import { allZoneNames, type ZoneNames, zoneNamesOf } from './zone-names.ts';

/** Reads `-0800`, `GMT-08:00`, `GMT` or the name of a zone; blanks are skipped already, `start` is before them. */
export function parseZone(reading: Reading, start: number): boolean {
  const { text } = reading;
  const sign = signAt(text, reading.position);
  if (sign !== 0) {
    reading.position++;
    return parseNumericZone(reading, sign, 0, false);
  }
  if (/[gG]/.test(text[reading.position]!) && matchesIgnoringCase(text, start, 'GMT')) {
    reading.position = start + 3;
    const gmtSign = signAt(text, reading.position);
    if (gmtSign === 0) {
      setOffset(reading, 0);
      return true;
    }
    reading.position++;
    return parseNumericZone(reading, gmtSign, 0, true);
  }
  return parseZoneName(reading);
}

/** Reads `hh`, `hhmm` or `hh:mm`; a `count` of 1 means hours only, and only after `GMT` one digit may stand for them. */
export function parseNumericZone(reading: Reading, sign: number, count: number, colon: boolean): boolean {
  const { text } = reading;
  let index = reading.position;
  const fail = () => {
    reading.position = index;
    return false;
  };
  const digit = () => {
    const value = text.charCodeAt(index) - 0x30;
    if (value >= 0 && value <= 9) {
      index++;
      return value;
    }
    return undefined;
  };
  let hours = digit();
  if (hours === undefined) {
    return fail();
  }
  const secondDigit = digit();
  if (secondDigit !== undefined) {
    hours = hours * 10 + secondDigit;
  } else if (count > 0 || !colon || index >= text.length) {
    return fail();
  }
  if (hours > 23) {
    return fail();
  }
  let minutes = 0;
  if (count !== 1) {
    if (colon && text[index++] !== ':') {
      return fail();
    }
    const [tens, units] = [digit(), digit()];
    minutes = (tens ?? 0) * 10 + (units ?? 0);
    if (tens === undefined || units === undefined || minutes > 59) {
      return fail();
    }
  }
  setOffset(reading, sign * (hours * 60 + minutes) * 60_000);
  reading.position = index;
  return true;
}

function setOffset(reading: Reading, offset: number): void {
  reading.fields.set('zoneOffset', offset);
  reading.fields.set('daylightOffset', 0);
}

function signAt(text: string, position: number): number {
  return text[position] === '+' ? 1 : text[position] === '-' ? -1 : 0;
}

/** The names of the format's own zone come first, then those of UTC, then all others in Java's order. */
function parseZoneName(reading: Reading): boolean {
  const { text, position } = reading;
  const own = zoneNamesOf(reading.zone.id);
  const candidates = [own && { zone: reading.zone.id, names: own.names }, zoneNamesOf('UTC'), ...allZoneNames()];
  for (const candidate of candidates) {
    const index = candidate === undefined ? -1 : indexOfName(text, position, candidate);
    if (candidate !== undefined && index >= 0) {
      applyZone(reading, candidate, index);
      reading.position = position + candidate.names[index]!.length;
      return true;
    }
  }
  return false;
}

function indexOfName(text: string, position: number, { names }: ZoneNames): number {
  return names.findIndex((name) => matchesIgnoringCase(text, position, name));
}

/** A daylight name says that an hour is added, also in winter; a name that is used all year says nothing. */
function applyZone(reading: Reading, { zone: id, names }: ZoneNames, index: number): void {
  reading.zone = timeZoneOf(id);
  const isDaylightName = index >= 2;
  if (!isDaylightName && names[index]!.toLowerCase() === names[index + 2]!.toLowerCase()) {
    return;
  }
  const saving = isDaylightName ? daylightSaving(id) : 0;
  if (isDaylightName && saving === 0) {
    return;
  }
  reading.fields.clear('zoneOffset');
  reading.fields.set('daylightOffset', saving);
}

/** What the zone adds in summer nowadays; 0 where it has no summer time any more. */
function daylightSaving(id: string): number {
  const zone = timeZoneOf(id);
  return Math.abs(zone.offsetAt(Date.UTC(2037, 0, 1)) - zone.offsetAt(Date.UTC(2037, 6, 1)));
}
