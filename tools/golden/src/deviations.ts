import { DataError, formatDouble, formatFloat } from '@millrace/api';
import type { Outcome } from './compare.ts';
import { converterDeviationRules } from './converter-deviations.ts';
import { largestDate } from './decode.ts';
import { restDeviationRules } from './rest/rest-deviations.ts';
import { defaultsIn, integerRange, magnitudeOf, numbersWithoutSchema, valuesIn } from './tagged.ts';
import { transformDeviationRules } from './transform-deviations.ts';
import type { GoldenCase, TaggedSchemaAndValue, TaggedValue } from './vectors.ts';

/** A deliberate difference to Java: one rule, never a list of cases. */
export interface DeviationRule<C = GoldenCase> {
  /** Stable; stands in docs/compatibility.md. */
  readonly id: string;
  /** What is different, for whom, and why. One line of Markdown. */
  readonly reason: string;
  /** Whether the rule is about this case, from what was recorded and, where that says more, from what Millrace did. */
  readonly applies: (goldenCase: C, outcome: Outcome) => boolean;
}

export const deviationRules: readonly DeviationRule[] = [
  {
    id: 'date-range',
    reason:
      'Dates, times and timestamps beyond ±8.64e15 ms (the years -271821 to 275760) are a DataError: a JavaScript `Date` cannot hold them, and they are never rounded.',
    applies: (goldenCase, outcome) =>
      isDataError(outcome) &&
      [...inputsOf(goldenCase), ...outputsOf(goldenCase)].some(({ value }) => valuesIn(value).some(isBeyondDate)),
  },
  {
    id: 'no-silent-wrap',
    reason:
      'A number that its new integer type cannot hold is a DataError. Java keeps the low bits, or the nearest limit, and says nothing.',
    applies: (goldenCase, outcome) => isDataError(outcome) && goldenCase.error === undefined && wraps(goldenCase),
  },
  {
    id: 'schemaless-numbers',
    reason:
      'Without a schema JavaScript has one kind of number: `1.0` cannot be told from `1` and is written as `1`, a FLOAT32 is written with the digits of a FLOAT64 (`1.100000023841858` for `1.1`), and what was a `BigInteger` in Java, which refuses it, is an integer like any other.',
    applies: (goldenCase, outcome) =>
      'output' in outcome &&
      inputsOf(goldenCase).some((input) => numbersWithoutSchema(input).some(looksDifferentAsNumber)),
  },
  {
    id: 'struct-without-schema',
    reason:
      'A struct is a plain object, and its schema travels beside it. Java keeps a schema in each struct and refuses, or prints in another way, a struct whose schema is not the one beside it; here it is read by the one beside it, and without one it is an object like any other.',
    applies: (goldenCase, outcome) =>
      'output' in outcome &&
      inputsOf(goldenCase).some(({ schema, value }) =>
        [value, ...defaultsIn(schema)].some((one) =>
          valuesIn(one).some((tagged) => tagged?.t === 'struct' && tagged.schema !== undefined),
        ),
      ),
  },
  {
    id: 'shortest-digits',
    reason:
      'Floats are written with the fewest digits that read back as the same number, as Java 19 and later do. Java 17 writes more for a few: `1.9999999999999998E23` for `2.0E23`.',
    applies: (goldenCase, outcome) =>
      'output' in outcome && inputsOf(goldenCase).some(({ value }) => valuesIn(value).some(hasNeedlessDigits)),
  },
  {
    id: 'dates-before-1970',
    reason:
      'As a text (`Values.convertToString`, headers) a date before 1970 keeps its date. Java writes only its time of day, and the date is lost.',
    applies: (goldenCase, outcome) =>
      'output' in outcome &&
      makesText(goldenCase) &&
      inputsOf(goldenCase).some(({ value }) =>
        valuesIn(value).some((tagged) => tagged?.t === 'date' && BigInt(tagged.v) < 0n),
      ),
  },
  {
    id: 'exact-decimals',
    reason:
      '`Values.convertToDecimal` of an integer beyond 2^53 is exact. Java goes through a double and changes the last digits.',
    applies: (goldenCase, outcome) =>
      'output' in outcome &&
      goldenCase.group === 'converters' &&
      goldenCase.op.startsWith('convertToDecimal') &&
      inputsOf(goldenCase).some(({ value }) => Math.abs(magnitudeOf(value, null) ?? 0) > Number.MAX_SAFE_INTEGER),
  },
  {
    id: 'byte-buffer-position',
    reason:
      'BYTES are a `Uint8Array`, which has no position. Java writes a `ByteBuffer` once, which moves its position to the end, and the recorded input is what was left: nothing.',
    applies: (goldenCase, outcome) =>
      'output' in outcome &&
      inputsOf(goldenCase).some(({ value }) =>
        valuesIn(value).some((tagged) => tagged?.t === 'bytebuffer' && tagged.v === ''),
      ),
  },
  ...transformDeviationRules,
  ...converterDeviationRules,
];

/** The rules as a Markdown table, for docs/compatibility.md. */
export function deviationTable(): string {
  const rows = [...deviationRules, ...restDeviationRules].map(({ id, reason }) => `| \`${id}\` | ${reason} |`);
  return ['| Rule | Difference and reason |', '|---|---|', ...rows].join('\n');
}

/** What goes in with a schema or as a value; bytes to be read are not among them. */
function inputsOf(goldenCase: GoldenCase): readonly TaggedSchemaAndValue[] {
  if (goldenCase.group === 'converters') {
    const { input } = goldenCase;
    return input !== null && 'value' in input ? [input] : [];
  }
  const { key, value, headers } = goldenCase.input;
  return [key, value, ...headers];
}

function outputsOf(goldenCase: GoldenCase): readonly TaggedSchemaAndValue[] {
  if (goldenCase.group === 'transforms') {
    const { output } = goldenCase;
    return output === null || output === undefined ? [] : [output.key, output.value, ...output.headers];
  }
  const output = goldenCase.output ?? null;
  if (output === null || 'utf8' in output || 'base64' in output) return [];
  return 'value' in output ? [output] : [{ schema: null, value: output }];
}

function isDataError(outcome: Outcome): boolean {
  return 'error' in outcome && DataError.isInstance(outcome.error);
}

function isBeyondDate(tagged: TaggedValue): boolean {
  if (tagged?.t !== 'date') return false;
  const time = BigInt(tagged.v);
  return time < -largestDate || time > largestDate;
}

function wraps(goldenCase: GoldenCase): boolean {
  if (goldenCase.group !== 'converters') return false;
  const range = integerRange[goldenCase.op];
  if (range === undefined) return false;
  return inputsOf(goldenCase).some(({ schema, value }) => {
    const number = magnitudeOf(value, schema);
    return number !== undefined && (number < range[0] || number > range[1]);
  });
}

function looksDifferentAsNumber(tagged: TaggedValue): boolean {
  if (tagged?.t === 'float32' || tagged?.t === 'bigint') return true;
  return tagged?.t === 'float64' && Number.isInteger(Number(tagged.v));
}

function hasNeedlessDigits(tagged: TaggedValue): boolean {
  if (tagged?.t === 'float64') return formatDouble(Number(tagged.v)) !== tagged.v;
  return tagged?.t === 'float32' && formatFloat(Number(tagged.v)) !== tagged.v;
}

function makesText(goldenCase: GoldenCase): boolean {
  return (
    goldenCase.group === 'converters' &&
    (goldenCase.op === 'convertToString' || goldenCase.converter?.endsWith('.SimpleHeaderConverter') === true)
  );
}
