import { type Schema, Values } from '@millrace/api';
import { compareError, compareValue, type Difference, type Outcome } from '../compare.ts';
import { decodeSchema, decodeValue } from '../decode.ts';
import type { ConverterCase, TaggedSchema, TaggedSchemaAndValue, TaggedValue } from '../vectors.ts';

type Operation = (schema: Schema | null, value: unknown) => unknown;

const untypedMap: TaggedSchema = { type: 'MAP', keys: null, values: null };

/** What each operation gives back, so that numbers are compared as what they are. */
const operations: Readonly<Record<string, readonly [Operation, TaggedSchema | null]>> = {
  convertToBoolean: [Values.convertToBoolean, { type: 'BOOLEAN' }],
  convertToByte: [Values.convertToByte, { type: 'INT8' }],
  convertToShort: [Values.convertToShort, { type: 'INT16' }],
  convertToInteger: [Values.convertToInteger, { type: 'INT32' }],
  convertToLong: [Values.convertToLong, { type: 'INT64' }],
  convertToFloat: [Values.convertToFloat, { type: 'FLOAT32' }],
  convertToDouble: [Values.convertToDouble, { type: 'FLOAT64' }],
  convertToString: [Values.convertToString, { type: 'STRING' }],
  convertToList: [Values.convertToList, null],
  convertToMap: [Values.convertToMap, untypedMap],
  convertToDate: [Values.convertToDate, { type: 'INT32' }],
  convertToTime: [Values.convertToTime, { type: 'INT32' }],
  convertToTimestamp: [Values.convertToTimestamp, { type: 'INT64' }],
  convertToDecimal2: [(schema, value) => Values.convertToDecimal(schema, value, 2), { type: 'BYTES' }],
  validateValue: [
    (schema, value) => {
      const given: Schema = schema as Schema;
      given.validate(value);
      return 'ok';
    },
    { type: 'STRING' },
  ],
};

export function isValuesCase(goldenCase: ConverterCase): boolean {
  return goldenCase.converter === undefined;
}

export function replayValues({ op, input }: ConverterCase): Outcome {
  const [operation] = operationOf(op);
  const { schema: taggedSchema, value } = input as TaggedSchemaAndValue;
  const schema = decodeSchema(taggedSchema);
  return { output: operation(schema, decodeValue(value, schema)) };
}

export function compareValues({ op, input, output, error }: ConverterCase, outcome: Outcome): Difference {
  // Without a schema there is nothing to validate with, in both languages.
  const hasNoSchema = op === 'validateValue' && (input as TaggedSchemaAndValue).schema === null;
  if (hasNoSchema && 'error' in outcome && outcome.error instanceof TypeError) return undefined;
  if (error !== undefined) return compareError(error, outcome);
  if ('error' in outcome) return `outcome: got ${String(outcome.error)}`;
  const own = (input as TaggedSchemaAndValue).schema;
  const [, given] = operationOf(op);
  // Lists and maps come back as they are, with their own schema.
  const schema = given === null || own?.type === given.type ? own : given;
  return compareValue(output as TaggedValue, schema, outcome.output);
}

function operationOf(op: string): readonly [Operation, TaggedSchema | null] {
  const operation = operations[op];
  if (operation === undefined) throw new RangeError(`Nothing is known about the operation '${op}'.`);
  return operation;
}
