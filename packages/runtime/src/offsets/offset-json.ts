import { hasEscapedKey, type OffsetMap, type OffsetValue, parseJson, printJson } from '@millrace/api';
import { hashMapOrder } from '@millrace/java';

/** The key of a partition's offset, as Java writes one whose fields are in a `HashMap`. */
export function encodeOffsetKey(connector: string, partition: OffsetMap): Buffer {
  const fields = hashMapOrder(Object.keys(partition)).map((name) => `${printJson(name)}:${printJson(partition[name])}`);
  return Buffer.from(`[${printJson(connector)},{${fields.join(',')}}]`);
}

export function encodeOffsetValue(offset: OffsetMap): Buffer {
  return Buffer.from(printJson(offset));
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
