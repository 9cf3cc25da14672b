import { inspect } from 'node:util';
import { ConfigError, DataError, Decimal, MillraceError, RetriableError, type Schema } from '@millrace/api';
import { decodeBytes, hasOnlyTextKeys } from './decode.ts';
import {
  type Phase,
  type TaggedBytes,
  type TaggedError,
  type TaggedSchema,
  type TaggedSchemaAndValue,
  type TaggedValue,
  textOf,
} from './vectors.ts';

/** `undefined` when both mean the same, else what differs and where. */
export type Difference = string | undefined;

/** What Millrace did: it gave something back or it threw. */
export type Outcome = { readonly output: unknown } | Failure;

interface Failure {
  readonly error: unknown;
  readonly phase?: Phase;
}

/**
 * Compares a value with a recorded one by meaning. With a schema the JavaScript type must be the one that
 * docs/architecture.md fixes for it; without one, the numbers that JavaScript cannot tell apart are equal.
 */
export function compareValue(
  expected: TaggedValue,
  schema: TaggedSchema | null,
  actual: unknown,
  path = 'value',
): Difference {
  if (expected === null) return actual === null ? undefined : differs(path, 'null', actual);
  switch (expected.t) {
    case 'int8':
    case 'int16':
    case 'int32':
      return Object.is(actual, expected.v) || (schema === null && actual === BigInt(expected.v))
        ? undefined
        : differs(path, expected.v, actual);
    case 'int64':
    case 'bigint': {
      const value = BigInt(expected.v);
      if (actual === value) return undefined;
      const isSameNumber = typeof actual === 'number' && Number.isSafeInteger(actual) && BigInt(actual) === value;
      return schema === null && isSameNumber && !Object.is(actual, -0)
        ? undefined
        : differs(path, `${expected.v}n`, actual);
    }
    case 'float32':
      return Object.is(actual, Math.fround(Number(expected.v))) ? undefined : differs(path, expected.v, actual);
    case 'float64':
      return Object.is(actual, Number(expected.v)) ? undefined : differs(path, expected.v, actual);
    case 'boolean':
      return actual === expected.v ? undefined : differs(path, expected.v, actual);
    case 'string':
      return actual === textOf(expected) ? undefined : differs(path, JSON.stringify(textOf(expected)), actual);
    case 'bytes':
    case 'bytebuffer':
      return actual instanceof Uint8Array && Buffer.from(expected.v, 'base64').equals(actual)
        ? undefined
        : differs(path, `bytes ${expected.v}`, actual);
    case 'decimal':
      return Decimal.isInstance(actual) &&
        actual.unscaled === BigInt(expected.unscaled) &&
        actual.scale === expected.scale
        ? undefined
        : differs(path, `decimal ${expected.unscaled} scale ${expected.scale}`, actual);
    case 'date':
      return actual instanceof Date && String(actual.getTime()) === expected.v
        ? undefined
        : differs(path, `date ${expected.v}`, actual);
    case 'array':
      return compareArray(expected.v, schema?.items ?? null, actual, path);
    case 'map':
      return compareMap(expected, schema, actual, path);
    case 'struct':
      return compareStruct(expected.v, expected.schema ?? schema, actual, path);
    case 'java':
      return differs(path, `${expected.class} ${expected.v}`, actual);
  }
}

/** Compares every part of a schema; the order of fields and parameters counts. */
function compareSchema(expected: TaggedSchema | null, actual: Schema | null, path = 'schema'): Difference {
  if (expected === null || actual === null) {
    return expected === actual ? undefined : differs(path, expected?.type ?? 'none', actual);
  }
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ['type', expected.type.toLowerCase(), actual.type],
    ['optional', expected.optional ?? false, actual.optional],
    ['name', expected.name, actual.name],
    ['version', expected.version, actual.version],
    ['doc', expected.doc, actual.doc],
    ['parameters', parametersText(Object.entries(expected.parameters ?? {})), parametersText(actual.parameters ?? [])],
    ['fields', expected.fields?.map(({ field }) => field).join() ?? '', actual.fields.map(({ name }) => name).join()],
  ];
  for (const [part, left, right] of parts) {
    if (left !== right) return differs(`${path}.${part}`, left, right);
  }
  return (
    compareValue(expected.default ?? null, expected, actual.defaultValue ?? null, `${path}.default`) ??
    compareSchema(expected.keys ?? null, actual.keySchema ?? null, `${path}.keys`) ??
    compareSchema(expected.items ?? expected.values ?? null, actual.valueSchema ?? null, `${path}.element`) ??
    firstDifference(expected.fields ?? [], ({ field, schema }, index) =>
      compareSchema(schema, actual.fields[index]?.schema ?? null, `${path}.${field}`),
    )
  );
}

export function compareSchemaAndValue(
  expected: TaggedSchemaAndValue,
  actual: { readonly schema: Schema | null; readonly value: unknown },
  path = '',
): Difference {
  return (
    compareSchema(expected.schema, actual.schema, `${path}schema`) ??
    compareValue(expected.value, expected.schema, actual.value, `${path}value`)
  );
}

export function compareBytes(expected: TaggedBytes, actual: Uint8Array | null): Difference {
  const bytes = decodeBytes(expected);
  if (bytes === null || actual === null) {
    return bytes === actual ? undefined : differs('bytes', bytes ?? 'null', actual);
  }
  if (bytes.equals(actual)) return undefined;
  const isText = expected !== null && 'utf8' in expected;
  return isText
    ? differs('bytes', JSON.stringify(bytes.toString()), Buffer.from(actual).toString())
    : differs('bytes', bytes.toString('hex'), Buffer.from(actual).toString('hex'));
}

/**
 * Compares by what error handling does with the error, and not by its text: configuration, data, retriable, or any
 * other end of the task. The phase counts where both sides know it.
 */
export function compareError(expected: TaggedError, outcome: Outcome): Difference {
  const wanted = `${expected.class}${expected.phase === undefined ? '' : ` (${expected.phase})`}`;
  if (!('error' in outcome)) return differs('outcome', `error ${wanted}`, outcome.output);
  const { error, phase } = outcome;
  const isSamePhase = expected.phase === undefined || phase === undefined || expected.phase === phase;
  return isSamePhase && isAlike(expected, error)
    ? undefined
    : differs(`error${phase === undefined ? '' : ` (${phase})`}`, wanted, error);
}

function isAlike({ class: javaClass, phase }: TaggedError, error: unknown): boolean {
  const isFinal = MillraceError.isInstance(error) && !RetriableError.isInstance(error);
  switch (javaClass) {
    case 'org.apache.kafka.common.config.ConfigException':
      return ConfigError.isInstance(error);
    case 'org.apache.kafka.connect.errors.DataException':
    case 'org.apache.kafka.connect.errors.SchemaBuilderException':
    case 'org.apache.kafka.connect.errors.SchemaProjectorException':
    case 'org.apache.kafka.common.errors.SerializationException':
      // Before the first record there is none to be tolerated or sent to a dead letter queue.
      return phase === 'configure' ? isFinal : DataError.isInstance(error);
    case 'org.apache.kafka.connect.errors.RetriableException':
      return RetriableError.isInstance(error);
    default:
      return isFinal;
  }
}

function compareArray(
  expected: readonly TaggedValue[],
  items: TaggedSchema | null,
  actual: unknown,
  path: string,
): Difference {
  if (!Array.isArray(actual)) return differs(path, 'an array', actual);
  if (actual.length !== expected.length) return differs(path, `${expected.length} items`, actual);
  return firstDifference(expected, (item, index) => compareValue(item, items, actual[index], `${path}[${index}]`));
}

function compareMap(
  expected: TaggedValue & { readonly t: 'map' },
  schema: TaggedSchema | null,
  actual: unknown,
  path: string,
): Difference {
  const isObject = schema?.type !== 'MAP' && hasOnlyTextKeys(expected);
  if (isObject ? !isPlainObject(actual) : !(actual instanceof Map)) {
    return differs(path, isObject ? 'an object' : 'a Map', actual);
  }
  const entries: readonly (readonly [unknown, unknown])[] =
    actual instanceof Map ? [...actual] : Object.entries(actual as object);
  if (entries.length !== expected.v.length) return differs(path, `${expected.v.length} entries`, actual);
  const isSameKey = (key: TaggedValue, other: unknown) => compareValue(key, schema?.keys ?? null, other) === undefined;
  // An object moves keys that look like array indices to its front.
  const isUnordered = expected.unordered === true || (isObject && entries.some(([key]) => /^\d+$/.test(String(key))));
  return firstDifference(expected.v, ([key, value], index) => {
    const found = isUnordered
      ? entries.find(([other]) => isSameKey(key, other))
      : entries.slice(index, index + 1).find(([other]) => isSameKey(key, other));
    const where = `${path}{${JSON.stringify(key)}}`;
    return found === undefined
      ? differs(where, 'an entry at this place', actual)
      : compareValue(value, schema?.values ?? null, found[1], where);
  });
}

function compareStruct(
  expected: Readonly<Record<string, TaggedValue>>,
  schema: TaggedSchema | null,
  actual: unknown,
  path: string,
): Difference {
  if (!isPlainObject(actual)) return differs(path, 'a struct', actual);
  const names = Object.keys(actual);
  const wanted = (schema?.fields ?? []).map(({ field }) => field);
  // An object moves names that look like array indices to its front, whoever made it.
  const isSame = names.some((name) => /^\d+$/.test(name))
    ? names.length === wanted.length && wanted.every((name) => Object.hasOwn(actual, name))
    : names.join() === wanted.join();
  if (!isSame) return differs(path, `the fields ${wanted.join()}`, actual);
  return firstDifference(schema?.fields ?? [], ({ field, schema: fieldSchema }) =>
    compareValue(expected[field] ?? null, fieldSchema, actual[field], `${path}.${field}`),
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function firstDifference<T>(list: readonly T[], compare: (item: T, index: number) => Difference): Difference {
  for (const [index, item] of list.entries()) {
    const difference = compare(item, index);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function parametersText(parameters: Iterable<readonly [string, string]>): string {
  return JSON.stringify([...parameters]);
}

function differs(path: string, expected: unknown, actual: unknown): string {
  return `${path}: expected ${cut(String(expected))}, got ${cut(show(actual))}`;
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY });
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
