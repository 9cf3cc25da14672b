import { type CalendarDay, dayFromEpochDay, dayOfWeekOf, epochDayOf, startOfWeek } from './calendar.ts';
import type { PatternField, PatternPart } from './date-pattern.ts';
import type { DateSymbols } from './date-symbols.ts';
import { type TimeZone, zoneNameAt } from './time-zone.ts';

const dayMillis = 86_400_000;

/** Prints an instant with a compiled pattern. */
export function formatDate(
  parts: readonly PatternPart[],
  symbols: DateSymbols,
  zone: TimeZone,
  epochMillis: number,
): string {
  const offset = zone.offsetAt(epochMillis);
  const local = epochMillis + offset;
  const epochDay = Math.floor(local / dayMillis);
  const day = dayFromEpochDay(epochDay);
  const moment: Moment = { epochMillis, offset, epochDay, day, millisOfDay: local - epochDay * dayMillis };
  let text = '';
  for (const part of parts) {
    text += typeof part === 'string' ? part : formatField(part, moment, symbols, zone);
  }
  return text;
}

interface Moment {
  readonly epochMillis: number;
  readonly offset: number;
  readonly epochDay: number;
  readonly day: CalendarDay;
  readonly millisOfDay: number;
}

function formatField(field: PatternField, moment: Moment, symbols: DateSymbols, zone: TimeZone): string {
  const { letter, count } = field;
  const { day, epochDay, millisOfDay } = moment;
  switch (letter) {
    case 'G':
      return symbols.eras[day.year > 0 ? 1 : 0]!;
    case 'y':
      return formatYear(day.year > 0 ? day.year : 1 - day.year, count);
    case 'Y':
      return formatYear(weekYearOf(moment), count);
    case 'M':
    case 'L':
      if (count >= 3) {
        return (count > 3 ? symbols.months : symbols.shortMonths)[day.month]!;
      }
      return pad(day.month + 1, count);
    case 'w':
      return pad(weekOfYear(moment), count);
    case 'W':
      return pad((startOfWeek(epochDay) - startOfWeek(epochDayOf(day.year, day.month, 1))) / 7 + 1, count);
    case 'D':
      return pad(epochDay - epochDayOf(day.year, 0, 1) + 1, count);
    case 'd':
      return pad(day.dayOfMonth, count);
    case 'F':
      return pad(Math.floor((epochDay - epochDayOf(day.year, day.month, 1)) / 7) + 1, count);
    case 'E':
      return (count > 3 ? symbols.weekdays : symbols.shortWeekdays)[dayOfWeekOf(epochDay)]!;
    case 'u':
      return pad(dayOfWeekOf(epochDay) || 7, count);
    case 'z':
      return zoneNameAt(zone, moment.epochMillis, count > 3);
    case 'Z':
      return formatOffset(moment.offset, '');
    case 'X':
      return formatIsoOffset(moment.offset, count);
    default:
      return formatTime(letter, count, millisOfDay, symbols);
  }
}

function formatTime(letter: string, count: number, millisOfDay: number, symbols: DateSymbols): string {
  const hour = Math.floor(millisOfDay / 3_600_000);
  switch (letter) {
    case 'a':
      return symbols.amPm[hour < 12 ? 0 : 1]!;
    case 'H':
      return pad(hour, count);
    case 'k':
      return pad(hour === 0 ? 24 : hour, count);
    case 'K':
      return pad(hour % 12, count);
    case 'h':
      return pad(hour % 12 === 0 ? 12 : hour % 12, count);
    case 'm':
      return pad(Math.floor(millisOfDay / 60_000) % 60, count);
    case 's':
      return pad(Math.floor(millisOfDay / 1000) % 60, count);
    default:
      return pad(millisOfDay % 1000, count);
  }
}

/** A week belongs to the year in which it ends. */
function weekYearOf(moment: Moment): number {
  const { year } = moment.day;
  return moment.epochDay >= startOfWeek(epochDayOf(year + 1, 0, 1)) ? year + 1 : year;
}

function weekOfYear(moment: Moment): number {
  return (startOfWeek(moment.epochDay) - startOfWeek(epochDayOf(weekYearOf(moment), 0, 1))) / 7 + 1;
}

function formatYear(year: number, count: number): string {
  return count === 2 ? pad(year % 100, 2) : pad(year, count);
}

function formatOffset(offset: number, separator: string): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${separator}${pad(minutes % 60, 2)}`;
}

function formatIsoOffset(offset: number, count: number): string {
  if (Math.trunc(offset / 60_000) === 0) {
    return 'Z';
  }
  const text = formatOffset(offset, count === 3 ? ':' : '');
  return count === 1 ? text.slice(0, 3) : text;
}

const twoDigits: readonly string[] = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

function pad(value: number, count: number): string {
  if (count === 2 && value >= 0 && value < 100) {
    return twoDigits[value]!;
  }
  if (value < 0) {
    return `-${pad(-value, count)}`;
  }
  const text = String(value);
  return text.length >= count ? text : text.padStart(count, '0');
}
