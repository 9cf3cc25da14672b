import {
  formatDouble,
  hasEscapedKey,
  MillraceError,
  type OffsetFields,
  type OffsetMap,
  type OffsetValue,
  parseJson,
  printJson,
} from '@millrace/api';
import { hashMapOrder } from '@millrace/java';

const noFields: OffsetFields = {};

/**
 * The key under which the offset of a source's partition is stored: `["connector",{"filename":"/data/in"}]`, with the fields
 * in the order of Java's HashMap. `fields` says which numbers are floating point.
 */
export function encodeOffsetKey(connector: string, partition: OffsetMap, fields: OffsetFields = noFields): Buffer {
  return Buffer.from(`[${JSON.stringify(connector)},${mapText(partition, fields)}]`);
}

/** The stored offset itself: `{"position":120}`. */
export function encodeOffsetValue(offset: OffsetMap, fields: OffsetFields = noFields): Buffer {
  return Buffer.from(mapText(offset, fields));
}

export interface DecodedOffsetKey {
  readonly connector: string;
  readonly partition: OffsetMap;
}

/** `undefined` for a key that no offset has. */
export function decodeOffsetKey(bytes: Uint8Array): DecodedOffsetKey | undefined {
  const key = decode(bytes);
  if (!Array.isArray(key) || key.length !== 2 || typeof key[0] !== 'string' || !isOffsetMap(key[1])) return undefined;
  return { connector: key[0], partition: key[1] };
}

/** `undefined` for a value that is no offset. Integers are bigints, whoever wrote them. */
export function decodeOffsetValue(bytes: Uint8Array): OffsetMap | undefined {
  const value = decode(bytes);
  return isOffsetMap(value) ? value : undefined;
}

/** The same text for all partitions that mean the same: the order of fields and the kind of integers say nothing. */
export function partitionMeaning(partition: OffsetMap): string {
  return Object.keys(partition)
    .sort()
    .map((name) => `${printJson(name)}:${printJson(partition[name])}`)
    .join(',');
}

function mapText(map: OffsetMap, fields: OffsetFields): string {
  const names = hashMapOrder(Object.keys(map));
  return `{${names.map((name) => `${JSON.stringify(name)}:${valueText(map, name, fields)}`).join(',')}}`;
}

function valueText(map: OffsetMap, name: string, fields: OffsetFields): string {
  const value: OffsetValue | undefined = map[name];
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) return value.toString();
      break;
    case 'number':
      if (!Number.isFinite(value)) break;
      // Java reads a number with a point as a double and any other as a long: the type is kept.
      if (fields[name]?.startsWith('float64') || !Number.isSafeInteger(value)) return formatDouble(value);
      return String(value);
    default:
      if (value === null) return 'null';
  }
  throw new MillraceError(
    `Field ${name} of the source's partition or offset is ${describe(value)}; it can hold strings, finite numbers, 64-bit integers, booleans and null.`,
    { code: 'OFFSET_INVALID' },
  );
}

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : `of type ${typeof value}`;
}

const integer = /^-?\d+$/;

function decode(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    if (hasEscapedKey(text)) return withBigints(parseJson(text));
    return exactJson.parse(text, (_, value, { source }) =>
      typeof value === 'number' && source !== undefined && integer.test(source) ? BigInt(source) : value,
    );
  } catch {
    return undefined;
  }
}

/** What the type definitions of the language do not have yet. */
const exactJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

function withBigints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBigints);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBigints(inner)]));
}

function isOffsetMap(value: unknown): value is OffsetMap {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isOffsetValue)
  );
}

function isOffsetValue(value: unknown): value is OffsetValue {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
