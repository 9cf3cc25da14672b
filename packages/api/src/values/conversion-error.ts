import { DataError } from '../errors/errors.ts';
import type { Schema } from '../schema/schema.ts';
import { describeValue } from '../schema/validate.ts';

/** Says what could not become what. */
export function conversionError(schema: Schema | null, value: unknown, target: string, cause?: unknown): DataError {
  const origin = schema === null ? '' : ` of ${schema}`;
  return new DataError(
    `Cannot convert ${describeValue(value)}${origin} to ${target}.`,
    cause === undefined ? {} : { cause },
  );
}
