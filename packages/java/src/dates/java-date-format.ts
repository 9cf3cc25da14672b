import { DateParseError } from '../errors.ts';
import { dayFromEpochDay } from './calendar.ts';
import { parseDatePattern } from './date-pattern.ts';
import { type DateLocale, type DateSymbols, dateSymbolsOf } from './date-symbols.ts';
import { formatDate } from './format-date.ts';
import { type DateParser, parseDate } from './parse-date.ts';
import { type TimeZone, timeZoneOf } from './time-zone.ts';

export interface JavaDateFormatOptions {
  /** IANA id, `UTC` or `GMT+hh:mm`. Default `UTC`. */
  readonly timeZone?: string;
  /** `en` for `Locale.US` and `Locale.ENGLISH`, `root` for `Locale.ROOT`. Default `en`. */
  readonly locale?: DateLocale;
  /** Two-digit years are placed within 80 years before and 20 years after this instant. Default: now. */
  readonly now?: number;
}

/**
 * A lenient `java.text.SimpleDateFormat`, compiled once. Unlike Java's it does not change while it reads: the zone
 * that a text names counts for this text alone.
 */
export class JavaDateFormat {
  readonly pattern: string;
  readonly #parser: DateParser;
  readonly #symbols: DateSymbols;
  readonly #zone: TimeZone;

  /** Throws an `IllegalArgumentError` with Java's message for a malformed pattern. */
  constructor(pattern: string, options: JavaDateFormatOptions = {}) {
    this.pattern = pattern;
    this.#symbols = dateSymbolsOf(options.locale ?? 'en');
    this.#zone = timeZoneOf(options.timeZone ?? 'UTC');
    const centuryStart = new Date(options.now ?? Date.now());
    centuryStart.setUTCFullYear(centuryStart.getUTCFullYear() - 80);
    this.#parser = {
      parts: parseDatePattern(pattern),
      symbols: this.#symbols,
      zone: this.#zone,
      centuryStart: centuryStart.getTime(),
      centuryStartYear: dayFromEpochDay(Math.floor(centuryStart.getTime() / 86_400_000)).year,
    };
  }

  format(date: Date | number): string {
    const epochMillis = typeof date === 'number' ? date : date.getTime();
    return formatDate(this.#parser.parts, this.#symbols, this.#zone, epochMillis);
  }

  /**
   * The instant in milliseconds since 1970 that a text begins with; what follows is ignored. It can be outside of the
   * range of a `Date`. Throws a {@link DateParseError} where the text does not begin with a date.
   */
  parse(text: string): number {
    const parsed = parseDate(this.#parser, text);
    if ('errorOffset' in parsed) {
      throw new DateParseError(`Unparseable date: "${text}"`, parsed.errorOffset);
    }
    return parsed.epochMillis;
  }
}

const dateToString = new JavaDateFormat('EEE MMM dd HH:mm:ss z y');

/** `java.util.Date.toString` in UTC: `Wed Aug 23 14:13:19 UTC 2023`. */
export function javaDateToString(date: Date | number): string {
  return dateToString.format(date);
}
