import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a key of two fields, one of them nested',
    config: { fields: 'order,customer.id', 'field.syntax.version': 'V2' },
    before: { key: null, value: { order: 5, customer: { id: 'c-7' } } },
    after: { key: { order: 5, id: 'c-7' }, value: { order: 5, customer: { id: 'c-7' } } },
  },
];
