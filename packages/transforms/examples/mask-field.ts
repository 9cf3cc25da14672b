import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a nested field, and tombstones that go on',
    config: {
      fields: 'card.number',
      replacement: '****',
      'field.syntax.version': 'V2',
      'null.values': 'pass',
    },
    before: { value: { id: 1, card: { number: '4111 1111', holder: 'Ann' } } },
    after: { value: { id: 1, card: { number: '****', holder: 'Ann' } } },
  },
];
