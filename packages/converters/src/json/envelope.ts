import { DataError, type Schema } from '@millrace/api';
import type { JsonFormat } from './json-options.ts';
import { jsonText } from './json-text.ts';
import { type JsonNode, parseJson } from './parse-json.ts';
import { schemaFromJson } from './schema-from-json.ts';

/** The parts of a message with a schema. */
export interface Envelope {
  readonly schema: Schema | null;
  readonly payload: JsonNode;
}

/** Reads `{"schema":…,"payload":…}`, in either order. */
export function readEnvelope(bytes: Uint8Array, start: number, end: number, format: JsonFormat): Envelope {
  const node = parseJson(jsonText(bytes, start, end));
  if (!(node instanceof Map) || node.size !== 2 || !node.has('schema') || !node.has('payload')) {
    throw new DataError(
      'With schemas.enable a message must be a JSON object with exactly the fields "schema" and "payload"; ' +
        'set schemas.enable=false to read plain JSON.',
    );
  }
  const object = node as ReadonlyMap<string, JsonNode>;
  return { schema: schemaFromJson(object.get('schema'), format), payload: object.get('payload') as JsonNode };
}

/** Where the two parts of an envelope lie whose first field is the schema. */
export interface EnvelopeLayout {
  readonly schemaStart: number;
  readonly schemaEnd: number;
  readonly payloadStart: number;
}

const schemaKey = Buffer.from('"schema"');
const payloadKey = Buffer.from('"payload"');

/**
 * Finds the parts without reading them; `undefined` for any other layout, and for what is no JSON at all: then
 * {@link readEnvelope} decides.
 */
export function findEnvelope(bytes: Uint8Array, start: number, end: number): EnvelopeLayout | undefined {
  const schemaStart = skipKey(bytes, skipByte(bytes, start, end, 0x7b), end, schemaKey);
  if (schemaStart < 0) return undefined;
  const schemaEnd = startsNull(bytes, schemaStart, end) ? schemaStart + 4 : skipObject(bytes, schemaStart, end);
  const payloadStart = skipKey(bytes, skipByte(bytes, schemaEnd, end, 0x2c), end, payloadKey);
  return payloadStart < 0 ? undefined : { schemaStart, schemaEnd, payloadStart };
}

/** Behind blanks, the key, and the colon; -1 when they are not there. */
function skipKey(bytes: Uint8Array, from: number, end: number, key: Uint8Array): number {
  if (from < 0) return -1;
  const start = skipBlanks(bytes, from, end);
  if (start + key.length > end) return -1;
  for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key[index]) return -1;
  const behind = skipByte(bytes, start + key.length, end, 0x3a);
  return behind < 0 ? -1 : skipBlanks(bytes, behind, end);
}

function skipByte(bytes: Uint8Array, from: number, end: number, byte: number): number {
  if (from < 0) return -1;
  const position = skipBlanks(bytes, from, end);
  return position < end && bytes[position] === byte ? position + 1 : -1;
}

function startsNull(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + 4 <= end && bytes[at] === 0x6e && bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c
  );
}

/** Behind the object that begins here; its text is not checked, only strings and brackets are told apart. */
function skipObject(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] !== 0x7b) return -1;
  let depth = 0;
  let inString = false;
  for (let position = from; position < end; position++) {
    const byte = bytes[position];
    if (inString) {
      if (byte === 0x5c) position++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return position + 1;
  }
  return -1;
}

/** In front of the brace that closes the envelope and ends the message; -1 when there is none. */
export function payloadEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at >= start && isBlank(bytes[at] as number)) at--;
  return at > start && bytes[at] === 0x7d ? at : -1;
}

export function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let position = from;
  while (position < end && isBlank(bytes[position] as number)) position++;
  return position;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
