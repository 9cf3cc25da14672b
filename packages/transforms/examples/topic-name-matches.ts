import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  { title: 'a topic that matches', config: { pattern: 'audit-.*' }, before: { topic: 'audit-orders' }, after: true },
  {
    title: 'a topic of which only a part matches',
    config: { pattern: 'audit-.*' },
    before: { topic: 'eu-audit-orders' },
    after: false,
  },
];
