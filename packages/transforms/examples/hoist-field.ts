import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a line becomes an object',
    config: { field: 'line' },
    before: { value: 'hello' },
    after: { value: { line: 'hello' } },
  },
];
