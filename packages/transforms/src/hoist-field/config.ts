import { type ConfigKey, type ConfigOf, type ConfigProblem, string } from '@millrace/api';
import { fieldSyntaxKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems } from '../fields/field-path.ts';

export const hoistFieldConfig: {
  readonly field: ConfigKey<string>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
} = {
  field: string('field', { doc: 'The field that will hold what was the key or value before.' }),
  fieldSyntax: fieldSyntaxKey,
};

export type HoistFieldConfig = ConfigOf<typeof hoistFieldConfig>;

export function validateHoistField({ field, fieldSyntax }: HoistFieldConfig): readonly ConfigProblem[] {
  return fieldPathProblems('field', [field], fieldSyntax);
}
