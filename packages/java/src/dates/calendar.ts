/** Days of the calendar that Java's GregorianCalendar has: Julian before 15 October 1582, Gregorian from then on. */

export interface CalendarDay {
  /** Astronomical: 0 is 1 BC. */
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly dayOfMonth: number;
}

const cutoverYear = 1582;
const gregorianCutover = -141427;

/** 1 March of year 0 in days since 1970-01-01. */
const gregorianOrigin = -719468;
const julianOrigin = -719470;

/** The day with this number since 1970-01-01. */
export function dayFromEpochDay(epochDay: number): CalendarDay {
  return epochDay >= gregorianCutover ? gregorianDay(epochDay) : julianDay(epochDay);
}

/** The number of a day since 1970-01-01; month and day may be out of range and roll over. */
export function epochDayOf(year: number, month: number, dayOfMonth: number): number {
  return resolveCutover(year, false, (julian) => firstOfMonth(year, month, julian) + dayOfMonth - 1);
}

/**
 * Decides between the two calendars for a date that is computed from a year: the computation gets whether it is to
 * count in the Julian calendar. `withinYear` says that the date is given as a day or week of its year.
 */
export function resolveCutover(year: number, withinYear: boolean, compute: (julian: boolean) => number): number {
  if (year > cutoverYear) {
    const gregorian = compute(false);
    if (gregorian >= gregorianCutover) {
      return gregorian;
    }
    return compute(true);
  }
  const julian = compute(true);
  if (year < cutoverYear && julian < gregorianCutover) {
    return julian;
  }
  if (withinYear) {
    return julian;
  }
  const gregorian = year < cutoverYear ? julian : compute(false);
  return gregorian >= gregorianCutover ? gregorian : julian;
}

/** The first day of a month, in days since 1970-01-01; the month may be out of range. */
export function firstOfMonth(year: number, month: number, julian: boolean): number {
  const monthsFromMarch = month - 2;
  const marchYear = year + Math.floor(monthsFromMarch / 12);
  const monthOfMarchYear = monthsFromMarch - 12 * Math.floor(monthsFromMarch / 12);
  const days = 365 * marchYear + Math.floor(marchYear / 4) + Math.floor((153 * monthOfMarchYear + 2) / 5);
  return julian
    ? julianOrigin + days
    : gregorianOrigin + days - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
}

/** 0 is Sunday. */
export function dayOfWeekOf(epochDay: number): number {
  return floorMod(epochDay + 4, 7);
}

/** The Sunday that begins the week of this day; the first week of a year or month is the one with its first day. */
export function startOfWeek(epochDay: number): number {
  return epochDay - dayOfWeekOf(epochDay);
}

export function floorMod(dividend: number, divisor: number): number {
  return dividend - divisor * Math.floor(dividend / divisor);
}

function gregorianDay(epochDay: number): CalendarDay {
  const days = epochDay - gregorianOrigin;
  const cycle = Math.floor(days / 146097);
  const dayOfCycle = days - cycle * 146097;
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1460) + Math.floor(dayOfCycle / 36524) - Math.floor(dayOfCycle / 146096)) /
      365,
  );
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  return fromMarch(cycle * 400 + yearOfCycle, dayOfYear);
}

function julianDay(epochDay: number): CalendarDay {
  const days = epochDay - julianOrigin;
  const marchYear = Math.floor((4 * days + 3) / 1461);
  return fromMarch(marchYear, days - Math.floor((1461 * marchYear) / 4));
}

/** From the day, counted from 0, of a year that begins in March. */
function fromMarch(marchYear: number, dayOfYear: number): CalendarDay {
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10;
  return { year: month < 2 ? marchYear + 1 : marchYear, month, dayOfMonth };
}
