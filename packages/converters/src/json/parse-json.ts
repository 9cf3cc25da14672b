import { DataError } from '@millrace/api';

/** A number as it was written, so that nothing is lost before the schema says what it is. */
export class JsonNumber {
  readonly text: string;
  readonly isInteger: boolean;

  constructor(text: string, isInteger: boolean) {
    this.text = text;
    this.isInteger = isInteger;
  }
}

/** Objects are maps: they keep the order, and no key means anything by itself. */
export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

/** As in Java: deeper nesting is refused. */
export const deepestNesting = 1000;
const longestNumber = 1000;

const numberPattern = /-?\d+(?:(\.\d+)?([eE][+-]?\d+)?)/y;
const wordPattern = /[\w$\u0080-\uffff]+/y;
/** All but quotes, backslashes and control characters. */
const plainText = /[ !#-[\]-\uffff]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads the first JSON value of a text exactly; `undefined` when there is none. Takes what Java's reader takes: leading
 * zeros, and any text after the value. Of equal keys the last one wins.
 *
 * @throws DataError with the position of the fault.
 */
export function parseJson(text: string): JsonNode | undefined {
  const reader = new JsonReader(text);
  return reader.readRoot();
}

/**
 * Reads the value that a text begins with and that stands inside of an object; `end` is the position behind it.
 *
 * @throws DataError as {@link parseJson}; its positions count from the beginning of this text.
 */
export function parseInnerJson(text: string): { readonly node: JsonNode; readonly end: number } {
  const reader = new JsonReader(text);
  return { node: reader.readInner(), end: reader.position };
}

class JsonReader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get position(): number {
    return this.#position;
  }

  readInner(): JsonNode {
    this.#skipBlanks();
    const node = this.#readValue();
    this.#skipBlanks();
    return node;
  }

  readRoot(): JsonNode | undefined {
    this.#skipBlanks();
    if (this.#position === this.#text.length) return undefined;
    const node = this.#readValue();
    if (node instanceof JsonNumber && this.#position < this.#text.length && !this.#atBlank()) {
      throw this.#fault('a blank or the end behind the number');
    }
    return node;
  }

  #readValue(): JsonNode {
    switch (this.#text.charCodeAt(this.#position)) {
      case 0x22:
        this.#position++;
        return this.#readString();
      case 0x7b:
        return this.#readObject();
      case 0x5b:
        return this.#readArray();
      case 0x74:
        return this.#readWord('true', true);
      case 0x66:
        return this.#readWord('false', false);
      case 0x6e:
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  #readObject(): ReadonlyMap<string, JsonNode> {
    const object = new Map<string, JsonNode>();
    this.#enter();
    if (this.#take(0x7d)) return this.#leave(object);
    for (;;) {
      if (!this.#take(0x22)) throw this.#fault('a field name in double quotes');
      const name = this.#readString();
      if (!this.#take(0x3a)) throw this.#fault("':' behind the field name");
      this.#skipBlanks();
      object.set(name, this.#readValue());
      if (this.#take(0x7d)) return this.#leave(object);
      if (!this.#take(0x2c)) throw this.#fault("',' or '}'");
    }
  }

  #readArray(): readonly JsonNode[] {
    const array: JsonNode[] = [];
    this.#enter();
    if (this.#take(0x5d)) return this.#leave(array);
    for (;;) {
      this.#skipBlanks();
      array.push(this.#readValue());
      if (this.#take(0x5d)) return this.#leave(array);
      if (!this.#take(0x2c)) throw this.#fault("',' or ']'");
    }
  }

  #readString(): string {
    let result = '';
    for (;;) {
      plainText.lastIndex = this.#position;
      plainText.test(this.#text);
      result += this.#text.slice(this.#position, plainText.lastIndex);
      this.#position = plainText.lastIndex;
      const code = this.#text.charCodeAt(this.#position);
      if (code === 0x22) {
        this.#position++;
        return result;
      }
      if (code !== 0x5c) throw this.#fault(`'"' at the end of the string (control characters need an escape)`);
      result += this.#readEscape();
    }
  }

  #readEscape(): string {
    const letter = this.#text.charAt(this.#position + 1);
    if (letter === 'u') {
      const digits = this.#text.slice(this.#position + 2, this.#position + 6);
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.#fault('four hexadecimal digits behind \\u');
      this.#position += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = escapes[letter];
    if (character === undefined) throw this.#fault('a known escape behind the backslash');
    this.#position += 2;
    return character;
  }

  #readNumber(): JsonNumber {
    numberPattern.lastIndex = this.#position;
    const match = numberPattern.exec(this.#text);
    if (match === null) throw this.#fault('a value');
    const [written, fraction, exponent] = match;
    if (written.length > longestNumber) throw this.#fault(`a number of at most ${longestNumber} characters`);
    this.#position = numberPattern.lastIndex;
    const next = this.#text.charCodeAt(this.#position);
    if (next === 0x2e || next === 0x65 || next === 0x45) throw this.#fault('a digit');
    return new JsonNumber(written, fraction === undefined && exponent === undefined);
  }

  #readWord<T extends JsonNode>(word: string, node: T): T {
    wordPattern.lastIndex = this.#position;
    if (wordPattern.exec(this.#text)?.[0] !== word) throw this.#fault('a value');
    this.#position += word.length;
    return node;
  }

  #enter(): void {
    if (++this.#depth > deepestNesting) throw this.#fault(`at most ${deepestNesting} levels of nesting`);
    this.#position++;
  }

  #leave<T>(node: T): T {
    this.#depth--;
    return node;
  }

  #take(code: number): boolean {
    this.#skipBlanks();
    if (this.#text.charCodeAt(this.#position) !== code) return false;
    this.#position++;
    return true;
  }

  #skipBlanks(): void {
    while (this.#atBlank()) this.#position++;
  }

  #atBlank(): boolean {
    const code = this.#text.charCodeAt(this.#position);
    return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
  }

  #fault(expected: string): DataError {
    const found =
      this.#position >= this.#text.length
        ? 'the end of the text'
        : `character U+${this.#text.charCodeAt(this.#position).toString(16).toUpperCase().padStart(4, '0')}`;
    return new DataError(`Not valid JSON at character ${this.#position + 1}: expected ${expected}, found ${found}.`);
  }
}
