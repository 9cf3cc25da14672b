import type { Pair } from '../pair.ts';

export interface BenchCase {
  readonly about: string;
  readonly load: () => Promise<() => readonly Pair[]>;
}

/** What `pnpm bench <name>` measures; loaded when it is asked for. */
export const cases: Readonly<Record<string, BenchCase>> = {
  converters: {
    about: 'converters against JSON.stringify, JSON.parse and bare UTF-8',
    load: async () => (await import('./converters.ts')).converterPairs,
  },
  transforms: {
    about: 'a chain of transforms against object spreads of the same value; Lookup against a bare Map and a spread',
    load: async () => {
      const { transformPairs } = await import('./transforms.ts');
      const { lookupPairs } = await import('./lookup.ts');
      const pairs = [...(await transformPairs()), ...(await lookupPairs())];
      return () => pairs;
    },
  },
};
