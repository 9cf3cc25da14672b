import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigDefinitionJson, ConfigInfosJson } from '../../src/index.ts';

export interface Exchange {
  readonly label: string;
  readonly request: { readonly path: string; readonly body: string | null };
  readonly response: { readonly bodyJson: unknown };
}

const goldenDirectory =
  process.env['GOLDEN_DIR'] ?? join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'golden');
const goldenFile = join(goldenDirectory, 'rest', 'noeos.json');

/** Why tests that need all of the recorded exchanges cannot run; `undefined` when they can. */
export const goldenMissing = existsSync(goldenFile) ? undefined : `SKIPPED: no ${goldenFile}, set GOLDEN_DIR`;

/** What Java Connect 4.3.1 answered, by label: all of it where the golden data is, else the few that are kept here. */
export const exchanges: ReadonlyMap<string, Exchange> = new Map(
  [join(import.meta.dirname, 'fixtures', 'exchanges.json'), ...(goldenMissing === undefined ? [goldenFile] : [])]
    .flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Exchange[])
    .map((exchange) => [exchange.label, exchange]),
);

export function definitions(label: string): readonly ConfigDefinitionJson[] {
  return exchange(label).response.bodyJson as readonly ConfigDefinitionJson[];
}

export function validation(label: string): { raw: Readonly<Record<string, string | null>>; answer: ConfigInfosJson } {
  const { request, response } = exchange(label);
  return { raw: JSON.parse(request.body ?? '{}'), answer: response.bodyJson as ConfigInfosJson };
}

function exchange(label: string): Exchange {
  const found = exchanges.get(label);
  if (found === undefined) throw new Error(`No exchange ${label}`);
  return found;
}
