import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a field that becomes a header',
    config: { fields: 'region', headers: 'x-region', operation: 'move' },
    before: { value: { order: 'a-1', region: 'eu' } },
    after: { value: { order: 'a-1' }, headers: { 'x-region': 'eu' } },
  },
  {
    title: 'a field of the key that stays',
    plugin: 'header-from-key',
    config: { fields: 'tenant', headers: 'tenant', operation: 'copy' },
    before: { key: { tenant: 'acme' } },
    after: { key: { tenant: 'acme' }, headers: { tenant: 'acme' } },
  },
];
