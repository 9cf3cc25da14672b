import { type ConfigKey, type ConfigOf, type ConfigProblem, list } from '@millrace/api';
import { fieldSyntaxKey, nullValuesKey, replaceNullKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems, parseFieldPath } from '../fields/field-path.ts';

export const valueToKeyConfig: {
  readonly fields: ConfigKey<readonly string[]>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
  readonly nullValues: ConfigKey<'fail' | 'pass'>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  fields: list('fields', {
    doc: 'The fields of the value that make up the key. With `V2`, each has the last name of its path there.',
    importance: 'high',
    nonEmpty: true,
  }),
  fieldSyntax: fieldSyntaxKey,
  nullValues: nullValuesKey,
  replaceNull: replaceNullKey,
};

export type ValueToKeyConfig = ConfigOf<typeof valueToKeyConfig>;

export function validateValueToKey({ fields, fieldSyntax }: ValueToKeyConfig): readonly ConfigProblem[] {
  const problems = fieldPathProblems('fields', fields, fieldSyntax);
  if (problems.length > 0) return problems;
  const byName = new Map<string, string>();
  for (const field of new Set(fields)) {
    const name = parseFieldPath(field, fieldSyntax).steps.at(-1) as string;
    const other = byName.get(name);
    if (other !== undefined) {
      const message = `Fields ${other} and ${field} would both be named ${name} in the key.`;
      problems.push({ key: 'fields', message });
    }
    byName.set(name, field);
  }
  return problems;
}
