import { Schema } from '@millrace/api';
import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'where a record went through, with the type that the text looks like',
    config: { header: 'pipeline', 'value.literal': '7' },
    before: { value: 'a' },
    after: { value: 'a', headers: { pipeline: 7 }, headerSchemas: { pipeline: Schema.int8 } },
  },
];
