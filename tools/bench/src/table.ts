import type { Ratios } from './pair.ts';

/** One line per scenario, in columns. */
export function table(rows: readonly Ratios[]): string {
  const cells = [
    ['scenario', 'min', 'median', 'max', 'goal', 'ok?', 'ours', 'plain'],
    ...rows.map(({ name, min, median, max, goal, ok, oursNs, plainNs }) => [
      name,
      min.toFixed(2),
      median.toFixed(2),
      max.toFixed(2),
      goal === null ? '-' : goal.toFixed(2),
      goal === null ? '-' : ok ? 'ok' : 'MISSED',
      time(oursNs),
      time(plainNs),
    ]),
  ];
  const widths = (cells[0] as string[]).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column === 0)).join('  '))
    .join('\n');
}

function pad(cell: string, width: number, isLeft: boolean): string {
  return isLeft ? cell.padEnd(width) : cell.padStart(width);
}

function time(nanoseconds: number): string {
  return nanoseconds < 10_000 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1000).toFixed(1)} µs`;
}
