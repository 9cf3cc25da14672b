import { type ConfigKey, type ConfigOf, type ConfigProblem, list, oneOf } from '@millrace/api';
import { replaceNullKey } from '../core/common-keys.ts';

export const headerFromConfig: {
  readonly fields: ConfigKey<readonly string[]>;
  readonly headers: ConfigKey<readonly string[]>;
  readonly operation: ConfigKey<'move' | 'copy'>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  fields: list('fields', {
    doc: 'Field names in the record whose values are to be copied or moved to headers.',
    nonEmpty: true,
    importance: 'high',
  }),
  headers: list('headers', {
    doc: 'Header names, in the same order as the field names listed in the fields configuration property.',
    nonEmpty: true,
    importance: 'high',
  }),
  operation: oneOf('operation', ['move', 'copy'], {
    doc:
      'Either `move` if the fields are to be moved to the headers (removed from the key/value), or `copy` if the ' +
      'fields are to be copied to the headers (retained in the key/value).',
    importance: 'high',
  }),
  replaceNull: replaceNullKey,
};

export type HeaderFromConfig = ConfigOf<typeof headerFromConfig>;

export function validateHeaderFrom({ fields, headers }: HeaderFromConfig): readonly ConfigProblem[] {
  if (fields.length === headers.length) return [];
  return [
    {
      key: 'headers',
      message:
        `'fields' config must have the same number of elements as 'headers' config; ` +
        `got ${fields.length} fields and ${headers.length} headers.`,
    },
  ];
}
