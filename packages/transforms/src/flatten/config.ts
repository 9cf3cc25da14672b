import { type ConfigKey, type ConfigOf, string } from '@millrace/api';
import { replaceNullKey } from '../core/common-keys.ts';

export const flattenConfig: {
  readonly delimiter: ConfigKey<string>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  delimiter: string('delimiter', { doc: 'What stands between the names of nested fields.', default: '.' }),
  replaceNull: replaceNullKey,
};

export type FlattenConfig = ConfigOf<typeof flattenConfig>;
