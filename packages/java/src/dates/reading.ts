import type { DateFields } from './date-fields.ts';
import type { TimeZone } from './time-zone.ts';

/** What is read so far. */
export interface Reading {
  readonly text: string;
  readonly fields: DateFields;
  position: number;
  zone: TimeZone;
  /** A two-digit year that is the first or the last of the hundred. */
  isYearAmbiguous: boolean;
}

export function matchesIgnoringCase(text: string, start: number, word: string): boolean {
  return text.slice(start, start + word.length).toLowerCase() === word.toLowerCase();
}
