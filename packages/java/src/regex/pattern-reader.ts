import { RegexSyntaxError, RegexUnsupportedError } from '../errors.ts';

/** The inline flags `(?idmsux)`. */
export interface RegexFlags {
  readonly i: boolean;
  readonly d: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly u: boolean;
  readonly x: boolean;
}

/** Walks over the code points of a pattern, with `\Q…\E` already undone and, in comments mode, blanks left out. */
export class PatternReader {
  readonly pattern: string;
  comments = false;
  readonly #codePoints: readonly number[];
  readonly #offsets: readonly number[];
  #position = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
    const { codePoints, offsets } = unquote(pattern);
    this.#codePoints = codePoints;
    this.#offsets = offsets;
  }

  /** Where the next code point is in the pattern as written. */
  get index(): number {
    return this.#offsets[this.#position] ?? this.pattern.length;
  }

  /** The next character, or the empty text at the end. */
  peek(): string {
    this.skipComments();
    return this.peekRaw();
  }

  /** As {@link peek}, also where blanks count in comments mode. */
  peekRaw(ahead: number = 0): string {
    const codePoint = this.#codePoints[this.#position + ahead];
    return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
  }

  next(): string {
    this.skipComments();
    return this.nextRaw();
  }

  nextRaw(): string {
    const character = this.peekRaw();
    this.#position++;
    return character;
  }

  accept(text: string): boolean {
    this.skipComments();
    for (let index = 0; index < text.length; index++) {
      if (this.peekRaw(index) !== text[index]) {
        return false;
      }
    }
    this.#position += text.length;
    return true;
  }

  /** Reads characters as long as they fit, at most `limit`. */
  readWhile(allowed: RegExp, limit: number = Number.POSITIVE_INFINITY): string {
    let text = '';
    while (text.length < limit && this.peekRaw() !== '' && allowed.test(this.peekRaw())) {
      text += this.nextRaw();
    }
    return text;
  }

  mark(): number {
    return this.#position;
  }

  reset(mark: number): void {
    this.#position = mark;
  }

  skipComments(): void {
    while (this.comments) {
      const character = this.peekRaw();
      if (character === '#') {
        while (this.peekRaw() !== '' && !/[\n\r\u0085\u2028\u2029]/.test(this.peekRaw())) {
          this.#position++;
        }
      } else if (character !== '' && /[ \t\n\v\f\r]/.test(character)) {
        this.#position++;
      } else {
        return;
      }
    }
  }

  syntaxError(description: string, index: number = this.index): RegexSyntaxError {
    return new RegexSyntaxError(description, this.pattern, index);
  }

  unsupported(what: string, index: number): RegexUnsupportedError {
    return new RegexUnsupportedError(`${what} (at index ${index} of ${this.pattern})`, index);
  }
}

/** What stands between `\Q` and `\E` becomes escaped characters. */
function unquote(pattern: string): { codePoints: number[]; offsets: number[] } {
  const codePoints: number[] = [];
  const offsets: number[] = [];
  let quoted = false;
  for (let index = 0; index < pattern.length; ) {
    const codePoint = pattern.codePointAt(index)!;
    const width = codePoint > 0xffff ? 2 : 1;
    if (quoted) {
      if (pattern.startsWith('\\E', index)) {
        quoted = false;
        index += 2;
        continue;
      }
      const character = String.fromCodePoint(codePoint);
      if (/[\0-\x7f]/.test(character) && !/[0-9a-zA-Z]/.test(character)) {
        codePoints.push(0x5c);
        offsets.push(index);
      }
    } else if (pattern.startsWith('\\Q', index)) {
      quoted = true;
      index += 2;
      continue;
    } else if (codePoint === 0x5c && index + 1 < pattern.length) {
      codePoints.push(codePoint);
      offsets.push(index);
      index++;
      const escaped = pattern.codePointAt(index)!;
      codePoints.push(escaped);
      offsets.push(index);
      index += escaped > 0xffff ? 2 : 1;
      continue;
    }
    codePoints.push(codePoint);
    offsets.push(index);
    index += width;
  }
  return { codePoints, offsets };
}
