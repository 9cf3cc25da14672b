import type { KillSoakResult } from './kill-soak.ts';
import type { MemorySoakResult } from './memory-soak.ts';

/** The counts of a kill soak, for people. */
export function killTable({ guarantee, kills, zombies, fallen, lines, counts, ok, directory }: KillSoakResult): string {
  const head = `${guarantee}: ${lines} lines, ${kills} kills (${zombies} of them zombies), ${fallen} workers ended by themselves`;
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(28) : String(cell).padStart(10))).join('');
  const rows = counts.map(({ place, records, missing, doubled, late, mayBeDoubled }) =>
    row([place, records, missing, mayBeDoubled ? `(${doubled})` : doubled, late]),
  );
  const end = ok ? '✓ nothing is missing, and nothing is doubled where it must not be' : `✗ see ${directory}`;
  return [head, row(['', 'records', 'missing', 'doubled', 'late']), ...rows, end].join('\n');
}

export function memoryTable({ scenario, seconds, records, highestMb, growthMb, ok }: MemorySoakResult): string {
  return `${ok ? '✓' : '✗'} ${scenario}: ${records} records in ${seconds.toFixed(0)} s, at most ${highestMb.toFixed(0)} MB, growth ${growthMb.toFixed(1)} MB`;
}
