import { Schema } from '@millrace/api';
import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'seconds since 1970 as a text',
    config: { field: 'at', 'target.type': 'string', format: 'yyyy-MM-dd HH:mm:ss', 'unix.precision': 'seconds' },
    before: { value: { order: 'a-1', at: 1_692_799_999 } },
    after: { value: { order: 'a-1', at: '2023-08-23 14:13:19' } },
  },
  {
    title: 'a text as a Timestamp, with its schema',
    config: { field: 'at', 'target.type': 'Timestamp', format: "yyyy-MM-dd'T'HH:mm:ssX" },
    before: { value: { at: '2023-08-23T16:13:19+02' }, valueSchema: Schema.struct({ at: Schema.string }) },
    after: { value: { at: new Date('2023-08-23T14:13:19Z') }, valueSchema: Schema.struct({ at: Schema.timestamp }) },
  },
];
