export const millisecondsPerDay = 86_400_000;

/** 1582-10-15, the first day of the Gregorian calendar, in days since 1970-01-01. */
const firstGregorianDay = -141_427;
/** 0000-03-01 in both calendars, in days since 1970-01-01. */
const gregorianStart = -719_468;
const julianStart = -719_470;

export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/**
 * Days since 1970-01-01, as `java.util.GregorianCalendar` counts them: Julian before 1582-10-15, and lenient, so that
 * the month 13 is January of the next year.
 */
export function epochDayOf(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1;
  const [realYear, realMonth] = [Math.floor(months / 12), months - Math.floor(months / 12) * 12 + 1];
  // Years begin in March here, so that the leap day is the last one.
  const shifted = realMonth > 2 ? realYear : realYear - 1;
  const dayOfYear = Math.floor((153 * (realMonth > 2 ? realMonth - 3 : realMonth + 9) + 2) / 5) + day - 1;
  const days = shifted * 365 + Math.floor(shifted / 4) + dayOfYear;
  const gregorian = days - Math.floor(shifted / 100) + Math.floor(shifted / 400) + gregorianStart;
  return gregorian >= firstGregorianDay ? gregorian : days + julianStart;
}

/** The other way round; the year before 1 is 0. */
export function calendarDayOf(epochDay: number): CalendarDay {
  let year: number;
  let dayOfYear: number;
  if (epochDay >= firstGregorianDay) {
    const days = epochDay - gregorianStart;
    const era = Math.floor(days / 146_097);
    const dayOfEra = days - era * 146_097;
    const yearOfEra = Math.floor(
      (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
    );
    year = era * 400 + yearOfEra;
    dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  } else {
    const days = epochDay - julianStart;
    const era = Math.floor(days / 1461);
    const dayOfEra = days - era * 1461;
    const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460)) / 365);
    year = era * 4 + yearOfEra;
    dayOfYear = dayOfEra - 365 * yearOfEra;
  }
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  return month < 10 ? { year, month: month + 3, day } : { year: year + 1, month: month - 9, day };
}
