const backslash = 0x5c;
const isDelimiter = new Uint8Array(128);
for (const delimiter of ':,{}[]"') isDelimiter[delimiter.charCodeAt(0)] = 1;

/**
 * Cuts a text at `:` `,` `{` `}` `[` `]` and `"`, each of which is a token of its own unless a backslash stands before
 * it. Backslashes stay in the tokens.
 */
export class Tokens {
  readonly #text: string;
  #position = 0;
  #knownStart = -1;
  #knownEnd = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the next token begins; give it back to {@link Tokens.rewind}. */
  mark(): number {
    return this.#position;
  }

  rewind(mark: number): void {
    this.#position = mark;
  }

  hasNext(): boolean {
    return this.#position < this.#text.length;
  }

  /** The next token, '' behind the last one. */
  next(): string {
    const start = this.#position;
    const end = this.#endOf(start);
    this.#position = end;
    return this.#text.slice(start, end);
  }

  /** So many tokens as one text; `undefined` when there are fewer, and then nothing was taken. */
  nextOf(count: number): string | undefined {
    const start = this.#position;
    for (let taken = 0; taken < count; taken++) {
      if (!this.hasNext()) {
        this.#position = start;
        return undefined;
      }
      this.next();
    }
    return this.#text.slice(start, this.#position);
  }

  /** Takes the next token that is not blank when it is this one, apart from the blanks around it. */
  take(expected: string): boolean {
    let start = this.#position;
    let end = this.#endOf(start);
    while (end < this.#text.length && this.#text.slice(start, end).trim() === '') {
      start = end;
      end = this.#endOf(start);
    }
    if (this.#text.slice(start, end).trim() !== expected) return false;
    this.#position = end;
    return true;
  }

  /** Remembers its last answer: the same token is looked at many times before it is taken. */
  #endOf(start: number): number {
    if (start !== this.#knownStart) {
      this.#knownStart = start;
      this.#knownEnd = findEnd(this.#text, start);
    }
    return this.#knownEnd;
  }
}

function findEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (isDelimiter[code] === 1) return end === start ? end + 1 : end;
    end += code === backslash ? 2 : 1;
  }
  return text.length;
}
