import { DataError } from '@millrace/api';
import { decodeBytes } from './decode.ts';
import type { DeviationRule } from './deviations.ts';
import type { ConverterCase, GoldenCase, TaggedBytes } from './vectors.ts';

/** Where converters differ from Java on purpose. */
export const converterDeviationRules: readonly DeviationRule[] = [
  {
    id: 'json-no-coercion',
    reason:
      'JsonConverter refuses a payload that its schema does not allow, as a DataError. Java coerces and says nothing: an INT8 of 128 becomes -128, `"abc"` as INT32 becomes 0, 5.7 becomes 5, a number as STRING becomes null.',
    applies: (goldenCase, outcome) =>
      'error' in outcome &&
      DataError.isInstance(outcome.error) &&
      goldenCase.error === undefined &&
      readsJson(goldenCase),
  },
  {
    id: 'json-not-a-number',
    reason:
      'JsonConverter reads back the texts `"NaN"`, `"Infinity"` and `"-Infinity"` that it writes for FLOAT32 and FLOAT64. Java reads them as 0.0.',
    applies: (goldenCase, outcome) =>
      'output' in outcome && readsJson(goldenCase) && /"payload":"(?:NaN|-?Infinity)"/.test(jsonOf(goldenCase)),
  },
  {
    id: 'json-large-integers',
    reason: 'JSON without a schema: an integer beyond 64 bits is an exact bigint. Java keeps its low 64 bits.',
    applies: (goldenCase, outcome) => 'output' in outcome && readsJson(goldenCase) && /\d{19}/.test(jsonOf(goldenCase)),
  },
  {
    id: 'logical-name-on-other-type',
    reason:
      'The name of a logical type counts only on the type it belongs to: an INT32 of name `…Timestamp` is an integer and a STRING of name `…Decimal` a string. Java reads a date from the one and fails on the other.',
    applies: (goldenCase, outcome) =>
      'output' in outcome &&
      readsJson(goldenCase) &&
      /"type":"(?:string","name":"org\.apache\.kafka\.connect\.data\.Decimal"|int32","name":"org\.apache\.kafka\.connect\.data\.Timestamp")/.test(
        jsonOf(goldenCase),
      ),
  },
  {
    id: 'number-converters-by-schema',
    reason:
      'ShortConverter, IntegerConverter, LongConverter, FloatConverter and DoubleConverter go by the schema, and without one take every number that fits. Java goes by the class of the number, which JavaScript does not have.',
    applies: (goldenCase) =>
      goldenCase.group === 'converters' &&
      /\.(?:Short|Integer|Long|Float|Double)Converter$/.test(goldenCase.converter ?? '') &&
      contradictsSchema(goldenCase.input),
  },
];

const typeOfTag: Readonly<Record<string, string>> = {
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float32: 'FLOAT32',
  float64: 'FLOAT64',
};

function readsJson(goldenCase: GoldenCase): goldenCase is ConverterCase {
  return (
    goldenCase.group === 'converters' &&
    goldenCase.converter?.endsWith('.JsonConverter') === true &&
    goldenCase.op.startsWith('toConnect')
  );
}

function jsonOf({ input }: ConverterCase): string {
  return decodeBytes(input as TaggedBytes)?.toString() ?? '';
}

function contradictsSchema(input: ConverterCase['input']): boolean {
  if (input === null || !('value' in input) || input.value === null) return false;
  return input.schema === null || input.schema.type !== typeOfTag[input.value.t];
}
