import { Schema } from '@millrace/api';
import type { TransformExample } from './example.ts';

const schema = Schema.struct({ id: Schema.int64 });

export const examples: readonly TransformExample[] = [
  {
    title: 'a name and a version',
    config: { 'schema.name': 'com.example.Order', 'schema.version': '2' },
    before: { value: { id: 1n }, valueSchema: schema },
    after: { value: { id: 1n }, valueSchema: schema.with({ name: 'com.example.Order', version: 2 }) },
  },
];
