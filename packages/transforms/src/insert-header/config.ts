import { type ConfigKey, type ConfigOf, string } from '@millrace/api';

export const insertHeaderConfig: {
  readonly header: ConfigKey<string>;
  readonly valueLiteral: ConfigKey<string>;
} = {
  header: string('header', { doc: 'The name of the header.', importance: 'high' }),
  valueLiteral: string('value.literal', {
    doc: 'The literal value that is to be set as the header value on all records.',
    importance: 'high',
  }),
};

export type InsertHeaderConfig = ConfigOf<typeof insertHeaderConfig>;
