import { Schema } from '@millrace/api';
import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'texts that get the local time and its offset',
    config: { fields: 'placed,shipping.at', timezone: 'Europe/Berlin' },
    before: { value: { placed: '2023-08-23T14:13:19.123456Z', shipping: { at: '2023-12-24 08:00:00' } } },
    after: { value: { placed: '2023-08-23T16:13:19.123456+02:00', shipping: { at: '2023-12-24 09:00:00+01:00' } } },
  },
  {
    title: 'a column without a zone, whose times are those of a city',
    config: { fields: 'at', timezone: 'America/New_York' },
    before: { value: { at: new Date('2023-08-23T10:00:00Z') }, valueSchema: Schema.struct({ at: Schema.timestamp }) },
    after: { value: { at: new Date('2023-08-23T14:00:00Z') }, valueSchema: Schema.struct({ at: Schema.timestamp }) },
  },
];
