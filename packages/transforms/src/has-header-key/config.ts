import { type ConfigKey, type ConfigOf, string } from '@millrace/api';

export const hasHeaderKeyConfig: { readonly name: ConfigKey<string> } = {
  name: string('name', { doc: 'The header name.', nonEmpty: true, importance: 'medium' }),
};

export type HasHeaderKeyConfig = ConfigOf<typeof hasHeaderKeyConfig>;
