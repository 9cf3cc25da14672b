import { type ConfigKey, type ConfigOf, type ConfigProblem, string } from '@millrace/api';
import { fieldSyntaxKey, replaceNullKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems } from '../fields/field-path.ts';

export const extractFieldConfig: {
  readonly field: ConfigKey<string>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  field: string('field', { doc: 'The field to take out.' }),
  fieldSyntax: fieldSyntaxKey,
  replaceNull: replaceNullKey,
};

export type ExtractFieldConfig = ConfigOf<typeof extractFieldConfig>;

export function validateExtractField({ field, fieldSyntax }: ExtractFieldConfig): readonly ConfigProblem[] {
  return fieldPathProblems('field', [field], fieldSyntax);
}
