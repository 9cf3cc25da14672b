import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'one topic for each region',
    config: { field: 'customer.region', 'topic.format': '${topic}-${field}', 'default.topic': '${topic}-elsewhere' },
    before: { topic: 'orders', value: { customer: { region: 'eu' } } },
    after: { topic: 'orders-eu', value: { customer: { region: 'eu' } } },
  },
  {
    title: 'topics by a table',
    config: { field: 'kind', 'mapping.A': 'invoices', 'mapping.B': 'refunds', 'default.topic': 'unknown-kinds' },
    before: { topic: 'documents', value: { kind: 'B' } },
    after: { topic: 'refunds', value: { kind: 'B' } },
  },
];
