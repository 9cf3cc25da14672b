import { Schema } from '@millrace/api';
import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'numbers out of texts',
    config: { spec: 'amount:float64,count:int32' },
    before: { value: { order: 'a-1', amount: '9.90', count: '3' } },
    after: { value: { order: 'a-1', amount: 9.9, count: 3 } },
  },
  {
    title: 'the whole key, with its schema',
    plugin: 'cast-key',
    config: { spec: 'string' },
    before: { key: 17n, keySchema: Schema.int64 },
    after: { key: '17', keySchema: Schema.string },
  },
];
