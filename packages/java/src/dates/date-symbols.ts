export type DateLocale = 'en' | 'root';

/** The words of dates in one language. */
export interface DateSymbols {
  readonly eras: readonly string[];
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  readonly weekdays: readonly string[];
  readonly shortWeekdays: readonly string[];
  readonly amPm: readonly string[];
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const shortMonths = months.map((name) => name.slice(0, 3));
const shortWeekdays = weekdays.map((name) => name.slice(0, 3));
const amPm = ['AM', 'PM'];

const symbols: Readonly<Record<DateLocale, DateSymbols>> = {
  en: { eras: ['BC', 'AD'], months, shortMonths, weekdays, shortWeekdays, amPm },
  root: {
    eras: ['BCE', 'CE'],
    months: shortMonths,
    shortMonths,
    weekdays: shortWeekdays,
    shortWeekdays,
    amPm,
  },
};

/** The words of `Locale.US`, `Locale.ENGLISH` (`en`) or `Locale.ROOT` (`root`, which has no long names). */
export function dateSymbolsOf(locale: DateLocale): DateSymbols {
  return symbols[locale];
}
