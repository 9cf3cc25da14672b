import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Exchange {
  readonly label: string;
  readonly request: { readonly body: string | null };
  readonly response: { readonly bodyJson: unknown };
}

const goldenDirectory =
  process.env['GOLDEN_DIR'] ?? join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'golden');
const goldenFile = join(goldenDirectory, 'rest', 'noeos.json');

/** Why tests that need the recorded exchanges cannot run; `undefined` when they can. */
export const goldenMissing: string | undefined = existsSync(goldenFile)
  ? undefined
  : `SKIPPED: no ${goldenFile}, set GOLDEN_DIR`;

/** What Java Connect 4.3.1 was asked and answered under that label. */
export function goldenExchange(label: string): Exchange {
  const exchanges = JSON.parse(readFileSync(goldenFile, 'utf8')) as readonly Exchange[];
  const found = exchanges.find((exchange) => exchange.label === label);
  if (found === undefined) throw new Error(`No exchange ${label} in ${goldenFile}`);
  return found;
}
