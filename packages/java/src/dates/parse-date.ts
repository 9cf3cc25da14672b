import { DateFields } from './date-fields.ts';
import type { PatternField, PatternPart } from './date-pattern.ts';
import type { DateSymbols } from './date-symbols.ts';
import { type ParsedNumber, parseDateNumber } from './parse-number.ts';
import { parseNumericZone, parseZone } from './parse-zone.ts';
import { matchesIgnoringCase, type Reading } from './reading.ts';
import type { TimeZone } from './time-zone.ts';

export interface DateParser {
  readonly parts: readonly PatternPart[];
  readonly symbols: DateSymbols;
  readonly zone: TimeZone;
  /** Two-digit years are placed within the hundred years from this instant on. */
  readonly centuryStart: number;
  readonly centuryStartYear: number;
}

export type ParsedDate = { readonly epochMillis: number; readonly end: number } | { readonly errorOffset: number };

/** Reads a date from the start of a text; what follows it is ignored. */
export function parseDate(parser: DateParser, text: string): ParsedDate {
  const reading: Reading = {
    text,
    fields: new DateFields(),
    position: 0,
    zone: parser.zone,
    isYearAmbiguous: false,
  };
  for (const part of parser.parts) {
    if (typeof part === 'string') {
      const mismatch = firstMismatch(text, reading.position, part);
      if (mismatch !== undefined) {
        return { errorOffset: mismatch };
      }
      reading.position += part.length;
    } else if (!parseField(reading, part, parser)) {
      return { errorOffset: reading.position };
    }
  }
  if (reading.position === 0) {
    return { errorOffset: 0 };
  }
  let epochMillis = reading.fields.toEpochMillis(reading.zone);
  if (reading.isYearAmbiguous && epochMillis < parser.centuryStart) {
    reading.fields.addYears(100);
    epochMillis = reading.fields.toEpochMillis(reading.zone);
  }
  return { epochMillis, end: reading.position };
}

function firstMismatch(text: string, start: number, literal: string): number | undefined {
  for (let index = 0; index < literal.length; index++) {
    if (text[start + index] !== literal[index]) {
      return start + index;
    }
  }
  return undefined;
}

/** Reads one field and moves on; false, with the position at the error, where it cannot be read. */
function parseField(reading: Reading, field: PatternField, parser: DateParser): boolean {
  const { text } = reading;
  const start = reading.position;
  while (text[reading.position] === ' ' || text[reading.position] === '\t') {
    reading.position++;
  }
  if (reading.position >= text.length) {
    return false;
  }
  const { symbols } = parser;
  switch (field.letter) {
    case 'G':
      return parseWord(reading, start, 'era', 0, symbols.eras);
    case 'E':
      return parseWord(reading, start, 'dayOfWeek', 0, symbols.weekdays, symbols.shortWeekdays);
    case 'a':
      return parseWord(reading, start, 'amPm', 0, symbols.amPm);
    case 'M':
    case 'L':
      if (field.count > 2) {
        return parseWord(reading, start, 'month', 0, symbols.months, symbols.shortMonths);
      }
      return parseNumber(reading, start, field, parser);
    case 'z':
    case 'Z':
      return parseZone(reading, start);
    case 'X':
      return parseIsoZone(reading, field.count);
    default:
      return parseNumber(reading, start, field, parser);
  }
}

/** Takes the longest word that the text goes on with, in any case; blanks before it are not skipped. */
function parseWord(
  reading: Reading,
  start: number,
  field: 'era' | 'dayOfWeek' | 'amPm' | 'month',
  first: number,
  ...lists: (readonly string[])[]
): boolean {
  for (const words of lists) {
    let best = -1;
    words.forEach((word, index) => {
      if (matchesIgnoringCase(reading.text, start, word) && word.length > (words[best]?.length ?? 0)) {
        best = index;
      }
    });
    if (best >= 0) {
      reading.fields.set(field, best + first);
      reading.position = start + words[best]!.length;
      return true;
    }
  }
  return false;
}

function parseNumber(reading: Reading, start: number, field: PatternField, parser: DateParser): boolean {
  const { text } = reading;
  const limit = field.abutting ? start + field.count : text.length;
  const number = limit > text.length ? undefined : parseDateNumber(text, reading.position, limit);
  if (number === undefined) {
    return false;
  }
  setNumber(reading, field, number, parser);
  reading.position = number.end;
  return true;
}

function setNumber(reading: Reading, { letter, count }: PatternField, number: ParsedNumber, parser: DateParser): void {
  const { fields } = reading;
  const { value } = number;
  switch (letter) {
    case 'y':
    case 'Y': {
      const isShort = count <= 2 && number.end - reading.position === 2 && reading.text[reading.position] !== '-';
      fields.set(letter === 'y' ? 'year' : 'weekYear', isShort ? yearOfCentury(reading, value, parser) : value);
      break;
    }
    case 'M':
    case 'L':
      fields.set('month', value - 1);
      break;
    case 'k':
      fields.set('hourOfDay', value === 24 ? 0 : value);
      break;
    case 'h':
      fields.set('hour', value === 12 ? 0 : value);
      break;
    case 'u':
      fields.set('dayOfWeek', value >= 1 && value <= 7 ? value % 7 : value - 1);
      break;
    default:
      fields.set(numberFields[letter]!, value);
  }
}

const numberFields: Readonly<
  Record<
    string,
    | 'dayOfMonth'
    | 'hourOfDay'
    | 'minute'
    | 'second'
    | 'millisecond'
    | 'dayOfYear'
    | 'dayOfWeekInMonth'
    | 'weekOfYear'
    | 'weekOfMonth'
    | 'hour'
  >
> = {
  d: 'dayOfMonth',
  H: 'hourOfDay',
  m: 'minute',
  s: 'second',
  S: 'millisecond',
  D: 'dayOfYear',
  F: 'dayOfWeekInMonth',
  w: 'weekOfYear',
  W: 'weekOfMonth',
  K: 'hour',
};

function yearOfCentury(reading: Reading, value: number, parser: DateParser): number {
  const startOfCentury = parser.centuryStartYear % 100;
  reading.isYearAmbiguous = value === startOfCentury;
  return value + parser.centuryStartYear - startOfCentury + (value < startOfCentury ? 100 : 0);
}

function parseIsoZone(reading: Reading, count: number): boolean {
  const sign = reading.text[reading.position];
  reading.position++;
  if (sign === 'Z') {
    reading.fields.set('zoneOffset', 0);
    reading.fields.set('daylightOffset', 0);
    return true;
  }
  if (sign !== '+' && sign !== '-') {
    return false;
  }
  return parseNumericZone(reading, sign === '-' ? -1 : 1, count, count === 3);
}
