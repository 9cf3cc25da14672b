import { type ConfigKey, type ConfigOf, list } from '@millrace/api';

export const dropHeadersConfig: { readonly headers: ConfigKey<readonly string[]> } = {
  headers: list('headers', { doc: 'The name of the headers to be removed.', nonEmpty: true, importance: 'high' }),
};

export type DropHeadersConfig = ConfigOf<typeof dropHeadersConfig>;
