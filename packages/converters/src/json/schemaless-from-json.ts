import { hasEscapedKey } from '@millrace/api';
import { jsonText } from './json-text.ts';
import { deepestNesting, type JsonNode, JsonNumber, parseJson } from './parse-json.ts';

/** Long enough that an integer of it may be beyond 2^53. */
const riskyDigits = 16;
const negativeZero = /(?:^|[:,[\s])-0/;

/** Reads JSON without a schema; integers beyond 2^53 are bigints. No value at all is `null`. */
export function schemalessFromBytes(bytes: Uint8Array, start: number, end: number): unknown {
  const text = jsonText(bytes, start, end);
  const value = parsePlain(text, bytes, start, end);
  if (value !== undefined) return value;
  const node = parseJson(text);
  return node === undefined ? null : schemalessFromJson(node);
}

/** Reads what `JSON.parse` reads without loss, and nothing else; `undefined` for all that needs the exact reader. */
export function schemalessIfPlain(bytes: Uint8Array, start: number, end: number): unknown {
  return parsePlain(jsonText(bytes, start, end), bytes, start, end);
}

function parsePlain(text: string, bytes: Uint8Array, start: number, end: number): unknown {
  // What is not one byte per ASCII character cannot be looked through byte by byte.
  if (bytes[start] === 0 || bytes[start + 1] === 0 || (bytes[start] as number) >= 0xfe) return undefined;
  if (hasRiskyDigits(bytes, start, end)) return undefined;
  // One character is found much faster than two, and most texts have none.
  if (text.includes('-') && text.includes('-0') && negativeZero.test(text)) return undefined;
  if (end - start > deepestNesting && depthOf(bytes, start, end) > deepestNesting) return undefined;
  if (hasEscapedKey(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The plain value of a JSON node. */
export function schemalessFromJson(node: JsonNode): unknown {
  if (node instanceof JsonNumber) return numberFromJson(node);
  if (Array.isArray(node)) return node.map(schemalessFromJson);
  if (node instanceof Map) {
    const object: Record<string, unknown> = {};
    for (const [name, inner] of node as ReadonlyMap<string, JsonNode>) {
      const value = schemalessFromJson(inner);
      if (name === '__proto__') {
        Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      } else object[name] = value;
    }
    return object;
  }
  return node;
}

function numberFromJson(number: JsonNumber): number | bigint {
  // As in Java, which reads integers and decimal numbers: there is no negative zero.
  const value = Number(number.text) + 0;
  if (!number.isInteger || Number.isSafeInteger(value)) return value;
  return BigInt(number.text.replace(/^(-?)0+(?=\d)/, '$1'));
}

/**
 * Whether the bytes hold 16 digits in a row that may be an integer. Looks at every 16th byte only: a run that long
 * covers one of them, and reaches eight bytes to one side of it. Digits behind a decimal point are no integer.
 */
function hasRiskyDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let probe = start + riskyDigits - 1; probe < end; probe += riskyDigits) {
    if (!isDigit(bytes[probe] as number)) continue;
    if (!isDigit(bytes[probe - 8] as number) && !isDigit(bytes[probe + 8] ?? 0)) continue;
    let first = probe;
    while (first > start && isDigit(bytes[first - 1] as number)) first--;
    let last = probe;
    while (last + 1 < end && isDigit(bytes[last + 1] as number)) last++;
    if (last - first + 1 >= riskyDigits && bytes[first - 1] !== 0x2e) return true;
    probe = Math.max(probe, last - ((last - probe) % riskyDigits));
  }
  return false;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function depthOf(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let position = start; position < end; position++) {
    const byte = bytes[position];
    if (inString) {
      if (byte === 0x5c) position++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}
