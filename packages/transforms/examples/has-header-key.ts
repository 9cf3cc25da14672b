import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  { title: 'a record with the header', config: { name: 'debug' }, before: { headers: { debug: true } }, after: true },
  { title: 'a record without it', config: { name: 'debug' }, before: { headers: { Debug: true } }, after: false },
];
