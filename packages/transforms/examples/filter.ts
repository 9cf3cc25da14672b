import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'every record; with a predicate, those for which it says yes',
    config: {},
    before: { value: { order: 'a-1' } },
    after: null,
  },
];
