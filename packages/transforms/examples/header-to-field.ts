import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a header that becomes a nested field',
    config: { headers: 'trace-id', fields: 'meta.trace', operation: 'move' },
    before: { value: { order: 'a-1' }, headers: { 'trace-id': '7f3a', region: 'eu' } },
    after: { value: { order: 'a-1', meta: { trace: '7f3a' } }, headers: { region: 'eu' } },
  },
];
