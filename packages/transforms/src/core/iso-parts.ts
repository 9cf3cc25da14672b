const largestOffset = 18 * 60;

/** Whether the calendar has this day of the form `2024-02-29`; a `Date` would take February 31st for March 2nd. */
export function isCalendarDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The milliseconds of `Z`, `+05:30` or `+0530`; `undefined` when there is no such offset (they end at 18 hours). */
export function offsetMilliseconds(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(-2));
  const total = Number(text.slice(1, 3)) * 60 + minutes;
  if (minutes > 59 || total > largestOffset) return undefined;
  return (text.startsWith('-') ? -total : total) * 60_000;
}
