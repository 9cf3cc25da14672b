import type { Suite } from '../suite.ts';

/** By the folder of the vectors; loaded when it is asked for. */
export const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  converters: async () => (await import('./converters.ts')).convertersSuite as Suite,
  rest: async () => (await import('../rest/rest-suite.ts')).createRestSuite() as Suite,
  transforms: async () => (await import('./transforms.ts')).transformsSuite as Suite,
};
