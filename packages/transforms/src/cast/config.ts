import { type ConfigKey, type ConfigOf, type ConfigProblem, list } from '@millrace/api';
import { fieldSyntaxKey, replaceNullKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems } from '../fields/field-path.ts';
import { castTargets, parseCastSpec } from './spec.ts';

export const castConfig: {
  readonly spec: ConfigKey<readonly string[]>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  spec: list('spec', {
    doc:
      'Fields and their new types, as `field:type`, or a single type for the whole key or value. ' +
      `The types are ${castTargets.join(', ')}; bytes can only become a string (in Base64).`,
    importance: 'high',
    validate: (items) => {
      const { problems } = parseCastSpec(items);
      return problems.length === 0 ? undefined : problems.join('; ');
    },
  }),
  fieldSyntax: fieldSyntaxKey,
  replaceNull: replaceNullKey,
};

export type CastConfig = ConfigOf<typeof castConfig>;

export function validateCast({ spec, fieldSyntax }: CastConfig): readonly ConfigProblem[] {
  const fields = parseCastSpec(spec).spec.fields.map(([field]) => field);
  return fieldPathProblems('spec', fields, fieldSyntax);
}
