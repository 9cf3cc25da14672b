import type { DeviationRule } from './deviations.ts';
import { valuesIn } from './tagged.ts';
import type { TaggedSchemaAndValue, TransformCase } from './vectors.ts';

/** Deliberate differences of transforms. */
export const transformDeviationRules: readonly DeviationRule[] = [
  {
    id: 'empty-field-path',
    reason:
      'An empty field path is refused with the configuration when `field.syntax.version` is `V2`. Java fails on each record.',
    applies: (goldenCase) =>
      goldenCase.group === 'transforms' &&
      goldenCase.config['field'] === '' &&
      goldenCase.config['field.syntax.version'] === 'V2',
  },
  {
    id: 'masked-decimals',
    reason:
      'What MaskField puts in the place of a Decimal has the scale of its schema. In Java it has scale 0, or that of the replacement, and the converter refuses the record.',
    applies: (goldenCase, outcome) =>
      goldenCase.group === 'transforms' &&
      'output' in outcome &&
      goldenCase.file === 'MaskField.json' &&
      listOf(goldenCase, 'fields').some((name) => fieldOf(goldenCase, name)?.name?.endsWith('.Decimal') === true),
  },
  {
    id: 'renamed-missing-field',
    reason:
      'ReplaceField leaves a field alone that has the new name of a field that is not there. Java looks for the missing field and fails.',
    applies: (goldenCase, outcome) =>
      goldenCase.group === 'transforms' &&
      'output' in outcome &&
      goldenCase.file === 'ReplaceField.json' &&
      listOf(goldenCase, 'renames').some((rename) => {
        const [from = '', to = ''] = rename.split(':');
        return fieldOf(goldenCase, from) === undefined && fieldOf(goldenCase, to) !== undefined;
      }),
  },
  {
    id: 'schemaless-integer-width',
    reason:
      'Without a schema JavaScript does not tell the widths of integers apart: TimestampConverter takes each as Unix time. Java takes an INT64 and refuses the narrower ones.',
    applies: (goldenCase, outcome) =>
      goldenCase.group === 'transforms' &&
      'output' in outcome &&
      goldenCase.file === 'TimestampConverter.json' &&
      partOf(goldenCase).schema === null &&
      valuesIn(partOf(goldenCase).value).some((value) => value?.t === 'int32'),
  },
];

/** The part that the transform works on. */
function partOf({ transform, input }: TransformCase): TaggedSchemaAndValue {
  return transform?.endsWith('$Key') === true ? input.key : input.value;
}

function fieldOf(goldenCase: TransformCase, name: string) {
  return partOf(goldenCase).schema?.fields?.find(({ field }) => field === name)?.schema;
}

function listOf({ config }: TransformCase, key: string): readonly string[] {
  const text = config[key];
  return typeof text === 'string' ? text.split(',') : [];
}
