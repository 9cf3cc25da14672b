import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  { title: 'a record without a value', config: {}, before: { key: 'a-1', value: null }, after: true },
  { title: 'a record with one', config: {}, before: { key: 'a-1', value: {} }, after: false },
];
