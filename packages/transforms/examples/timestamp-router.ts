import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'one topic, or one index, per month',
    config: { 'timestamp.format': 'yyyy-MM' },
    before: { topic: 'orders', timestamp: 1_692_799_999_123 },
    after: { topic: 'orders-2023-08', timestamp: 1_692_799_999_123 },
  },
];
