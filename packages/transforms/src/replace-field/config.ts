import { type ConfigKey, type ConfigOf, type ConfigProblem, list } from '@millrace/api';
import { fieldSyntaxKey, replaceNullKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems } from '../fields/field-path.ts';

export const replaceFieldConfig: {
  readonly exclude: ConfigKey<readonly string[]>;
  readonly include: ConfigKey<readonly string[]>;
  readonly renames: ConfigKey<readonly string[]>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  exclude: list('exclude', { doc: 'Fields to take out; counts more than `include`.', default: [] }),
  include: list('include', { doc: 'Fields to keep; all others are taken out. Empty: all are kept.', default: [] }),
  renames: list('renames', {
    doc: 'New names, as `old:new`. A field inside of another keeps its place: with `V2`, `a.b:c` makes `a.c` of `a.b`.',
    default: [],
    validate: (renames) => {
      const bad = renames.filter((rename) => !isRename(rename));
      return bad.length === 0 ? undefined : `Invalid rename mapping: ${bad.join(', ')}; write old:new`;
    },
  }),
  fieldSyntax: fieldSyntaxKey,
  replaceNull: replaceNullKey,
};

export type ReplaceFieldConfig = ConfigOf<typeof replaceFieldConfig>;

export function validateReplaceField(config: ReplaceFieldConfig): readonly ConfigProblem[] {
  const { exclude, include, renames, fieldSyntax } = config;
  const oldNames = renames.filter(isRename).map((rename) => splitRename(rename)[0]);
  return [
    ...fieldPathProblems('exclude', exclude, fieldSyntax),
    ...fieldPathProblems('include', include, fieldSyntax),
    ...fieldPathProblems('renames', oldNames, fieldSyntax),
  ];
}

/** The old and the new name. */
export function splitRename(rename: string): readonly [string, string] {
  const [from = '', to = ''] = rename.split(':');
  return [from, to];
}

function isRename(rename: string): boolean {
  return /^[^:]*:[^:]+$/.test(rename);
}
