import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'headers that nobody needs behind this point',
    config: { headers: 'trace-id,debug' },
    before: { value: 'a', headers: { 'trace-id': '7f3a', region: 'eu', debug: true } },
    after: { value: 'a', headers: { region: 'eu' } },
  },
];
