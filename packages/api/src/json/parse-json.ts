/** What the type definitions of the language do not have yet. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const exactJson = JSON as unknown as ExactJson;
const manyDigits = /\d{16}/;
const integer = /^-?\d+$/;
const token = /\s*(?:([[\]{},:"])|([^\s[\]{},:"]+))/y;
const deepestNesting = 1000;

/**
 * Whether an object in this JSON text has a key with a backslash in its spelling. The `JSON.parse` of V8 13 may give
 * such a key the name of another one that it met before (`JSON.parse('{"x":0,"\\\\":1}')`, then `"\\t"` in the place of
 * `"\\\\"`), so these texts must be read without it.
 */
export function hasEscapedKey(text: string): boolean {
  let backslash = text.indexOf('\\');
  if (backslash < 0) return false;
  for (let start = text.indexOf('"'); start >= 0; ) {
    const end = endOfString(text, start);
    // Searched for again only behind the last one: from each string anew, a long text would take the square of its length.
    if (backslash < start) backslash = text.indexOf('\\', start);
    if (backslash < 0) return false;
    if (backslash < end && isColonNext(text, end + 1)) return true;
    start = text.indexOf('"', end + 1);
  }
  return false;
}

/**
 * Reads JSON without losing anything: integers beyond the safe ones are bigints, and every key has its own name.
 *
 * @throws SyntaxError when the text is no JSON.
 */
export function parseJson(text: string): unknown {
  if (hasEscapedKey(text)) return parseSlowly(text);
  if (!manyDigits.test(text)) return JSON.parse(text);
  return exactJson.parse(text, (_, value, { source }) => (typeof value === 'number' ? exact(value, source) : value));
}

/** Writes JSON in which bigints are numbers with all their digits. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? exactJson.rawJSON(inner.toString()) : inner,
  );
}

/** Where the string that begins at `start` has its closing quote; the end of the text when it has none. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  for (let unit = text.charCodeAt(position); unit !== 0x22; unit = text.charCodeAt(position)) {
    if (position >= text.length) return text.length;
    position += unit === 0x5c ? 2 : 1;
  }
  return position;
}

function isColonNext(text: string, start: number): boolean {
  let position = start;
  while (text.charCodeAt(position) <= 0x20) position++;
  return text.charCodeAt(position) === 0x3a;
}

function exact(value: number, source: string | undefined): number | bigint {
  if (Number.isSafeInteger(value) || source === undefined || !integer.test(source)) return value;
  return BigInt(source);
}

/** A reader of its own for objects; texts, numbers and words go to `JSON.parse` one by one, which reads those well. */
function parseSlowly(text: string): unknown {
  let position = 0;
  const next = (): string => {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`Unexpected end or character in JSON at position ${position}`);
    position = token.lastIndex;
    if (match[1] !== '"') return (match[1] ?? match[2]) as string;
    const start = position - 1;
    position = endOfString(text, start) + 1;
    return text.slice(start, position);
  };
  const value = readValue(next, next(), 0);
  if (text.slice(position).trim() !== '') throw new SyntaxError(`Unexpected text after JSON at position ${position}`);
  return value;
}

function readValue(next: () => string, first: string, depth: number): unknown {
  if (depth > deepestNesting) throw new SyntaxError(`JSON is nested more than ${deepestNesting} deep`);
  if (first === '{') return readObject(next, depth);
  if (first === '[') return readArray(next, depth);
  const value: unknown = JSON.parse(first);
  return typeof value === 'number' ? exact(value, first) : value;
}

function readArray(next: () => string, depth: number): unknown[] {
  const array: unknown[] = [];
  let word = next();
  if (word === ']') return array;
  for (;;) {
    array.push(readValue(next, word, depth + 1));
    if (!readComma(next(), ']')) return array;
    word = next();
  }
}

function readObject(next: () => string, depth: number): object {
  const object = {};
  let word = next();
  if (word === '}') return object;
  for (;;) {
    const key: unknown = JSON.parse(word);
    if (typeof key !== 'string' || next() !== ':')
      throw new SyntaxError(`Expected a key and a colon in JSON at ${word}`);
    const value = readValue(next, next(), depth + 1);
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    if (!readComma(next(), '}')) return object;
    word = next();
  }
}

/** `false` at the end of the array or object. */
function readComma(word: string, end: string): boolean {
  if (word === ',') return true;
  if (word === end) return false;
  throw new SyntaxError(`Expected ',' or '${end}' in JSON, got ${word}`);
}
