import { dayOfWeekOf, epochDayOf, firstOfMonth, floorMod, resolveCutover, startOfWeek } from './calendar.ts';
import { offsetOfWallTime, type TimeZone } from './time-zone.ts';

const fieldNames = [
  'era',
  'year',
  'weekYear',
  'month',
  'weekOfYear',
  'weekOfMonth',
  'dayOfMonth',
  'dayOfYear',
  'dayOfWeek',
  'dayOfWeekInMonth',
  'amPm',
  'hour',
  'hourOfDay',
  'minute',
  'second',
  'millisecond',
  'zoneOffset',
  'daylightOffset',
] as const;

export type DateField = (typeof fieldNames)[number];

const indexes = Object.fromEntries(fieldNames.map((name, index) => [name, index])) as Record<DateField, number>;
const allUnset: readonly number[] = fieldNames.map(() => 0);

/**
 * The fields that were read, and what instant they mean together. Of contradicting fields the ones that were set last
 * count, by the rules that the documentation of `java.util.Calendar` calls field resolution; values out of range roll
 * over. Weeks begin on Sunday, and a week with the first day of a year or month is its first.
 */
export class DateFields {
  readonly #values: number[] = allUnset.slice();
  /** When each field was set: larger for later, 0 for unset. */
  readonly #stamps: number[] = allUnset.slice();
  #lastStamp = 0;

  set(field: DateField, value: number): void {
    this.#lastStamp++;
    this.#values[indexes[field]] = value;
    this.#stamps[indexes[field]] = this.#lastStamp;
  }

  clear(field: DateField): void {
    this.#stamps[indexes[field]] = 0;
  }

  /** Adds to the year that was read. */
  addYears(years: number): void {
    this.#values[indexes.year]! += years;
    this.#values[indexes.weekYear]! += years;
  }

  toEpochMillis(zone: TimeZone): number {
    const wall = this.#epochDay() * 86_400_000 + this.#millisOfDay();
    return wall - this.#offset(zone, wall);
  }

  #stamp(field: DateField): number {
    return this.#stamps[indexes[field]]!;
  }

  #value(field: DateField, initial = 0): number {
    return this.#stamp(field) === 0 ? initial : this.#values[indexes[field]]!;
  }

  #offset(zone: TimeZone, wall: number): number {
    if (this.#stamp('zoneOffset') !== 0) {
      return this.#value('zoneOffset') + this.#value('daylightOffset');
    }
    const offset = offsetOfWallTime(zone, wall);
    return this.#stamp('daylightOffset') === 0
      ? offset
      : zone.standardOffsetAt(wall - offset) + this.#value('daylightOffset');
  }

  #millisOfDay(): number {
    return (
      ((this.#hourOfDay() * 60 + this.#value('minute')) * 60 + this.#value('second')) * 1000 +
      this.#value('millisecond')
    );
  }

  #hourOfDay(): number {
    const hourOfDay = this.#stamp('hourOfDay');
    let halfDay = together(this.#stamp('hour'), this.#stamp('amPm'));
    if (halfDay === 0 && hourOfDay === 0) {
      halfDay = Math.max(this.#stamp('hour'), this.#stamp('amPm'));
    }
    return halfDay > hourOfDay ? this.#value('hour') + 12 * this.#value('amPm') : this.#value('hourOfDay');
  }

  #epochDay(): number {
    if (this.#stamp('weekYear') > this.#stamp('year')) {
      return this.#dayOfWeekYear(this.#value('weekYear'));
    }
    const value = this.#value('year', 1970);
    const year = this.#value('era', 1) === 0 ? 1 - value : value;
    const group = this.#latestGroup();
    const withinYear = group === 'dayOfYear' || group === 'weekOfYear';
    return resolveCutover(year, withinYear, (julian) => this.#dayOfGroup(group, year, julian));
  }

  #dayOfWeekYear(year: number): number {
    const week = this.#value('weekOfYear', 1);
    const first = startOfWeek(epochDayOf(year, 0, 1)) + 7 * (week - 1);
    const day = this.#value('dayOfWeek', 0);
    if (day >= 0 && day <= 6) {
      return first + day;
    }
    // Days beyond the week count on from Monday here, and are put into weeks that begin on Sunday.
    return first + 7 * Math.floor(day / 7) + ((floorMod(day, 7) + 1) % 7);
  }

  /** Which of the ways to name a day within a year was completed last. */
  #latestGroup(): DateField {
    const dayOfWeek = this.#stamp('dayOfWeek');
    if (dayOfWeek === 0 && this.#stamp('dayOfYear') === 0 && this.#stamp('dayOfMonth') !== 0) {
      return 'dayOfMonth';
    }
    const week = (field: DateField) => ({ field, stamp: together(this.#stamp(field), dayOfWeek) });
    const complete = [
      { field: 'dayOfMonth' as const, stamp: this.#stamp('dayOfMonth') },
      week('weekOfMonth'),
      week('dayOfWeekInMonth'),
      { field: 'dayOfYear' as const, stamp: this.#stamp('dayOfYear') },
      week('weekOfYear'),
    ];
    const latest = latestOf(complete);
    if (latest.stamp > 0) {
      return this.#preferOfWeeks(latest.field, latest.stamp);
    }
    const alone = latestOf([
      { field: 'weekOfMonth', stamp: this.#stamp('weekOfMonth') },
      { field: 'dayOfWeekInMonth', stamp: Math.max(this.#stamp('dayOfWeekInMonth'), dayOfWeek) },
      { field: 'weekOfYear', stamp: this.#stamp('weekOfYear') },
    ]);
    return alone.stamp > 0 ? alone.field : 'dayOfMonth';
  }

  /** A day of the week that was set last completes several groups at once: then the latest week field decides. */
  #preferOfWeeks(field: DateField, stamp: number): DateField {
    if (stamp !== this.#stamp('dayOfWeek')) {
      return field;
    }
    const weeks = (['weekOfMonth', 'dayOfWeekInMonth', 'weekOfYear'] as const).map((name) => ({
      field: name,
      stamp: this.#stamp(name),
    }));
    return latestOf(weeks).field;
  }

  #dayOfGroup(group: DateField, year: number, julian: boolean): number {
    if (group === 'dayOfYear') {
      return firstOfMonth(year, 0, julian) + this.#value('dayOfYear') - 1;
    }
    const hasDayOfWeek = this.#stamp('dayOfWeek') !== 0;
    const dayOfWeek = this.#value('dayOfWeek', 0);
    if (group === 'weekOfYear') {
      return dayInWeek(startOfWeek(firstOfMonth(year, 0, julian)), dayOfWeek) + 7 * (this.#value('weekOfYear') - 1);
    }
    const month = this.#value('month');
    const first = firstOfMonth(year, month, julian);
    if (group === 'weekOfMonth') {
      const start = startOfWeek(first);
      return (hasDayOfWeek ? dayInWeek(start, dayOfWeek) : start) + 7 * (this.#value('weekOfMonth') - 1);
    }
    if (group === 'dayOfWeekInMonth') {
      const which = this.#value('dayOfWeekInMonth', 1);
      const last = which >= 0 ? first + 7 * which - 1 : firstOfMonth(year, month + 1, julian) + 7 * (which + 1) - 1;
      return onOrBefore(last, dayOfWeek);
    }
    return first + this.#value('dayOfMonth', 1) - 1;
  }
}

function together(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : Math.max(left, right);
}

function latestOf(groups: readonly { field: DateField; stamp: number }[]): { field: DateField; stamp: number } {
  return groups.reduce((best, group) => (group.stamp > best.stamp ? group : best));
}

function onOrBefore(epochDay: number, dayOfWeek: number): number {
  return epochDay - floorMod(dayOfWeekOf(epochDay) - dayOfWeek, 7);
}

function dayInWeek(start: number, dayOfWeek: number): number {
  return onOrBefore(start + 6, dayOfWeek);
}
