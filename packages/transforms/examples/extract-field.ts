import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a nested field becomes the key',
    plugin: 'extract-field-key',
    config: { field: 'customer.id', 'field.syntax.version': 'V2' },
    before: { key: { customer: { id: 'c-7', name: 'Ann' } } },
    after: { key: 'c-7' },
  },
];
