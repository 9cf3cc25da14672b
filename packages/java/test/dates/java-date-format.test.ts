import { describe, expect, it } from 'vitest';
import {
  type DateLocale,
  DateParseError,
  IllegalArgumentError,
  JavaDateFormat,
  javaDateToString,
} from '../../src/index.ts';
import { differences, outcome, readVectors } from '../vectors.ts';

type FormatRow = [pattern: string, zone: string, locale: DateLocale, instants: number[], texts: string[]];
type ParseRow = [pattern: string, zone: string, text: string, result: number | [errorOffset: number]];
type PatternRow = [pattern: string, message: string | null];

const now = Date.UTC(2026, 0, 1);

describe('JavaDateFormat', () => {
  it('prints as SimpleDateFormat does', () => {
    expect(
      differences(
        readVectors<FormatRow>('format-date').flatMap(([pattern, timeZone, locale, instants, texts]) =>
          instants.map((instant, index) => ({ pattern, timeZone, locale, instant, text: texts[index] })),
        ),
        ({ pattern, timeZone, locale, instant }) => new JavaDateFormat(pattern, { timeZone, locale }).format(instant),
        (row) => row.text,
      ).filter(({ row }) => !isAllowedToPrintDifferently(JSON.parse(row))),
    ).toEqual([]);
  });

  it('reads as SimpleDateFormat does', () => {
    expect(
      differences(
        readVectors<ParseRow>('parse-date'),
        ([pattern, timeZone, text]) => {
          try {
            return new JavaDateFormat(pattern, { timeZone, now }).parse(text);
          } catch (error) {
            return DateParseError.isInstance(error) ? [] : String(error);
          }
        },
        (row) => (typeof row[3] === 'number' ? row[3] : []),
      ).filter(({ row, actual }) => !isAllowedToReadDifferently(JSON.parse(row), Number(actual))),
    ).toEqual([]);
  });

  it('refuses an unknown zone instead of taking it for GMT', () => {
    expect(() => new JavaDateFormat('yyyy', { timeZone: 'Europe/Nowhere' })).toThrow(IllegalArgumentError);
  });

  it('places two-digit years from 80 years before now on', () => {
    const read = (text: string, year: number) =>
      new Date(new JavaDateFormat('yy-MM-dd', { now: Date.UTC(year, 6, 1) }).parse(text)).toISOString().slice(0, 10);
    expect(read('46-06-30', 2026)).toBe('2046-06-30');
    expect(read('46-07-01', 2026)).toBe('1946-07-01');
    expect(read('99-01-01', 2026)).toBe('1999-01-01');
    expect(read('26-01-01', 2026)).toBe('2026-01-01');
  });

  it('does not change its zone while it reads', () => {
    const format = new JavaDateFormat('yyyy-MM-dd HH:mm z');
    expect(format.parse('2023-01-01 00:00 EST')).toBe(Date.UTC(2023, 0, 1, 5));
    expect(format.format(0)).toBe('1970-01-01 00:00 UTC');
  });

  it('says where reading stopped', () => {
    expect(() => new JavaDateFormat('yyyy-MM-dd').parse('2023-xx')).toThrow(
      expect.objectContaining({
        name: 'DateParseError',
        message: 'Unparseable date: "2023-xx"',
        offset: 5,
        javaClass: 'java.text.ParseException',
      }),
    );
  });

  it('prints dates as Date.toString does', () => {
    expect(javaDateToString(1692799999123)).toBe('Wed Aug 23 14:13:19 UTC 2023');
    expect(javaDateToString(new Date(-62135596800000))).toBe('Mon Jan 03 00:00:00 UTC 1');
  });

  it('refuses the patterns that SimpleDateFormat refuses, with its message', () => {
    expect(
      differences(
        readVectors<PatternRow>('date-pattern'),
        ([pattern]) =>
          outcome(() => {
            new JavaDateFormat(pattern);
            return null;
          }),
        ([, message]) => (message === null ? null : [message]),
      ),
    ).toEqual([]);
  });
});

interface Printed {
  readonly pattern: string;
  readonly timeZone: string;
  readonly locale: DateLocale;
  readonly instant: number;
}

function isAllowedToPrintDifferently({ pattern, timeZone, locale, instant }: Printed): boolean {
  // Ireland had summer time all year by Java's data, and standard time one hour ahead by that of ICU.
  const isIrishTimeBefore1972 = timeZone === 'Europe/Dublin' && instant < Date.UTC(1972, 0, 1);
  // Locale.ROOT has some long names of zones of its own; here they are those of English.
  const isLongZoneInRoot = locale === 'root' && pattern.includes('zzzz');
  // Java counts one year too many in the last week of some years before Christ.
  const isWeekYearBeforeChrist = pattern.includes('Y') && instant < Date.UTC(0, 0, 10) - 1900 * 365.2425 * 86_400_000;
  return isIrishTimeBefore1972 || isLongZoneInRoot || isWeekYearBeforeChrist;
}

function isAllowedToReadDifferently([, timeZone, text]: ParseRow, actual: number): boolean {
  const isIrish = timeZone === 'Europe/Dublin' || /Irish/i.test(text);
  // Far years overflow in Java; here they stay outside of the range of a Date and are refused when one is made.
  return (isIrish && actual < Date.UTC(1972, 0, 1)) || Math.abs(actual) > 8.64e15;
}
