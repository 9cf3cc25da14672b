import { type ConfigKey, type ConfigOf, type ConfigProblem, int, string } from '@millrace/api';
import { replaceNullKey } from '../core/common-keys.ts';

export const setSchemaMetadataConfig: {
  readonly schemaName: ConfigKey<string | null>;
  readonly schemaVersion: ConfigKey<number | null>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  schemaName: string('schema.name', { doc: 'The new name of the schema.', default: null, importance: 'high' }),
  schemaVersion: int('schema.version', { doc: 'The new version of the schema.', default: null, importance: 'high' }),
  replaceNull: replaceNullKey,
};

export type SetSchemaMetadataConfig = ConfigOf<typeof setSchemaMetadataConfig>;

export function validateSetSchemaMetadata(config: SetSchemaMetadataConfig): readonly ConfigProblem[] {
  if (config.schemaName !== null || config.schemaVersion !== null) return [];
  const message = 'Neither schema name nor version configured: set schema.name, schema.version or both.';
  return [{ key: 'schema.name', message }];
}
