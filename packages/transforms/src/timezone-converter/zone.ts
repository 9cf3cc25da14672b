import { JavaDateFormat } from '@millrace/java';

const minute = 60_000;
const day = 86_400_000;

/** The offsets of a time zone. */
export interface Zone {
  /** Milliseconds that clocks there are ahead of UTC, at an instant. */
  readonly offsetAt: (instant: number) => number;
  /**
   * The same, at a time that clocks there show, given as if it were UTC. A time that clocks show twice is the first of
   * the two; one that they leave out has the offset that was in force before.
   */
  readonly offsetAtLocal: (local: number) => number;
}

/** @param name as `Europe/Berlin` or `+05:30`. */
export function zoneOf(name: string): Zone {
  const timeZone = /^[+-]\d\d:?\d\d$/.test(name) ? `GMT${name.slice(0, 3)}:${name.slice(-2)}` : name;
  const format = new JavaDateFormat('Z', { timeZone });
  const offsetAt = (instant: number): number => {
    const text = format.format(instant);
    const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3, 5));
    return (text.startsWith('-') ? -minutes : minutes) * minute;
  };
  return {
    offsetAt,
    offsetAtLocal(local) {
      const before = offsetAt(local - day);
      const after = offsetAt(local + day);
      if (before === after || offsetAt(local - before) === before) return before;
      return offsetAt(local - after) === after ? after : before;
    },
  };
}

/** `+05:30`; `Z` for none. */
export function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset) / minute;
  const digits = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${digits(minutes / 60)}:${digits(minutes % 60)}`;
}
