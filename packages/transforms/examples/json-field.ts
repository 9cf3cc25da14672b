import { Schema } from '@millrace/api';
import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'a column with JSON as a structure',
    config: { fields: 'payload', operation: 'parse' },
    before: { value: { id: 1, payload: '{"tags":["a","b"],"size":3}' } },
    after: { value: { id: 1, payload: { tags: ['a', 'b'], size: 3 } } },
  },
  {
    title: 'with the schema that is given',
    config: {
      fields: 'payload',
      operation: 'parse',
      schema: '{"type":"struct","fields":[{"field":"size","type":"int32"}]}',
    },
    before: { value: { payload: '{"size":3}' }, valueSchema: Schema.struct({ payload: Schema.string }) },
    after: {
      value: { payload: { size: 3 } },
      valueSchema: Schema.struct({ payload: Schema.struct({ size: Schema.int32 }) }),
    },
  },
  {
    title: 'a structure as a text, for a target that has none',
    config: { fields: 'order.lines', operation: 'print' },
    before: { value: { order: { lines: [{ sku: 'x', count: 2 }] } } },
    after: { value: { order: { lines: '[{"sku":"x","count":2}]' } } },
  },
];
