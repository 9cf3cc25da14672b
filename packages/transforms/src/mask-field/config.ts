import { type ConfigKey, type ConfigOf, type ConfigProblem, list, string } from '@millrace/api';
import { fieldSyntaxKey, nullValuesKey, replaceNullKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems } from '../fields/field-path.ts';

export const maskFieldConfig: {
  readonly fields: ConfigKey<readonly string[]>;
  readonly replacement: ConfigKey<string | null>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
  readonly nullValues: ConfigKey<'fail' | 'pass'>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  fields: list('fields', { doc: 'The fields to mask.', importance: 'high', nonEmpty: true }),
  replacement: string('replacement', {
    doc:
      'What stands in the masked fields, for numbers and texts only; it is converted to the type of each field. ' +
      'Left out: 0, false, the empty text, 1970, the empty list or map.',
    default: null,
    importance: 'low',
    nonEmpty: true,
  }),
  fieldSyntax: fieldSyntaxKey,
  nullValues: nullValuesKey,
  replaceNull: replaceNullKey,
};

export type MaskFieldConfig = ConfigOf<typeof maskFieldConfig>;

export function validateMaskField({ fields, fieldSyntax }: MaskFieldConfig): readonly ConfigProblem[] {
  return fieldPathProblems('fields', fields, fieldSyntax);
}
