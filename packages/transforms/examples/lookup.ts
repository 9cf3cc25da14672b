import type { TransformExample } from './example.ts';

const table = {
  table: 'file',
  'table.path': 'examples/enrich-with-lookup/data/customers.csv',
  'table.key': 'id',
  'key.fields': 'customer',
};

export const examples: readonly TransformExample[] = [
  {
    title: 'orders with the names of their customers, from a CSV file',
    config: { ...table, fields: 'name,city:town' },
    before: { value: { order: 'A-1', customer: 1001 } },
    after: { value: { order: 'A-1', customer: 1001, name: 'Ann Larsen', town: 'Oslo' } },
  },
  {
    title: 'only those orders whose customer is known',
    config: { ...table, fields: 'name', 'on.miss': 'drop' },
    before: { value: { order: 'A-3', customer: 4711 } },
    after: null,
  },
];
