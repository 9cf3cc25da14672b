import type { Measured, Result } from './scenario.ts';

/** One line per measure of each scenario, in columns; ratios are ours to the peer's. */
export function table(results: readonly Result[]): string {
  const cells = [
    ['scenario', 'measure', 'ours', 'peer', 'min', 'median', 'max', 'goal', 'ok?'],
    ...results.flatMap((result) => Object.keys(result.measures).map((name) => row(result, name))),
  ];
  const widths = (cells[0] as string[]).map((_, column) =>
    Math.max(...cells.map((line) => (line[column] ?? '').length)),
  );
  return cells
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column < 2)).join('  '))
    .join('\n');
}

function row({ scenario, measures, goals }: Result, name: string): string[] {
  const { unit, ours, peer, ratio } = measures[name] as Measured;
  const own = goals.filter(({ measure }) => measure === name);
  return [
    scenario,
    `${name}, ${unit}`,
    short(ours.median),
    peer === null ? '-' : short(peer.median),
    ...(ratio === null ? ['-', '-', '-'] : [ratio.min, ratio.median, ratio.max].map((value) => value.toFixed(2))),
    own
      .map(({ of, atLeast, atMost }) => {
        const limit = atLeast === undefined ? `≤ ${short(atMost ?? Number.NaN)}` : `≥ ${short(atLeast)}`;
        return of === 'ratio' ? `${limit}×` : limit;
      })
      .join(', ') || '-',
    own.length === 0 ? '-' : own.every(({ ok }) => ok) ? 'ok' : 'MISSED',
  ];
}

function pad(cell: string, width: number, isLeft: boolean): string {
  return isLeft ? cell.padEnd(width) : cell.padStart(width);
}

/** Three digits, with k or M. */
function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e4) return `${(value / 1e3).toPrecision(3)} k`;
  return String(Number(value.toPrecision(3)));
}
