import { beforeLastLineEnd, beforeLastNewline, textEnd, textStart, wordBoundary } from './assertions.ts';
import { anyCharacter, type CharSet, charSet, lineTerminators, literalSet } from './char-set.ts';
import type { ParsedRegex, RegexNode, RepeatNode } from './node.ts';
import { parseClass } from './parse-class.ts';
import { parseEscape } from './parse-escape.ts';
import { PatternReader, type RegexFlags } from './pattern-reader.ts';

const deepestNesting = 250;
const largestCount = 2147483647;

/** Reads a pattern of `java.util.regex`. Flags are the letters of inline flags, as in `(?im)`. */
export function parseRegex(pattern: string, flags: string): ParsedRegex {
  return new RegexParser(pattern, flags).parse();
}

const none: RegexFlags = { i: false, d: false, m: false, s: false, u: false, x: false };
const empty: RegexNode = { type: 'empty' };

class RegexParser {
  readonly #reader: PatternReader;
  readonly #groupNames = new Map<string, number>();
  #flags: RegexFlags = none;
  #groupCount = 0;
  #depth = 0;

  constructor(pattern: string, flags: string) {
    this.#reader = new PatternReader(pattern);
    this.#setFlags(flags, true);
  }

  parse(): ParsedRegex {
    const root = this.#alternation();
    if (this.#reader.peek() === ')') {
      throw this.#reader.syntaxError("Unmatched closing ')'", Math.max(this.#reader.index - 1, 0));
    }
    return { root, groupCount: this.#groupCount, groupNames: this.#groupNames };
  }

  #alternation(): RegexNode {
    const branches = [this.#sequence()];
    while (this.#reader.accept('|')) {
      branches.push(this.#sequence());
    }
    return branches.length === 1 ? branches[0]! : { type: 'alternation', branches };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      const character = this.#reader.peek();
      if (character === '' || character === '|' || character === ')') {
        return items.length === 1 ? items[0]! : { type: 'sequence', items };
      }
      const position = this.#reader.index;
      const atom = this.#atom();
      if (atom !== undefined) {
        items.push(this.#repeat(atom, position));
      }
    }
  }

  /** Undefined for flags that hold from here on, which cannot be repeated. */
  #atom(): RegexNode | undefined {
    const reader = this.#reader;
    const character = reader.peek();
    switch (character) {
      case '(':
        return this.#group();
      case '[': {
        reader.next();
        return this.#character(parseClass(reader, this.#flags));
      }
      case '\\':
        reader.next();
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw reader.syntaxError(`Dangling meta character '${character}'`);
      case '{':
        // A count with nothing before it repeats nothing.
        return empty;
      case '.':
        reader.next();
        return { type: 'character', set: this.#dot(), ignoreCase: false };
      case '^':
        reader.next();
        return { type: 'assertion', source: this.#caret() };
      case '$':
        reader.next();
        return { type: 'assertion', source: this.#dollar() };
      default:
        reader.next();
        return this.#literal(character.codePointAt(0)!);
    }
  }

  #character(set: CharSet): RegexNode {
    return { type: 'character', set, ignoreCase: this.#flags.i && this.#flags.u };
  }

  #literal(codePoint: number): RegexNode {
    return this.#character(literalSet(codePoint, { ascii: this.#flags.i, unicode: this.#flags.u }));
  }

  #dot(): CharSet {
    if (this.#flags.s) {
      return anyCharacter;
    }
    return charSet(this.#flags.d ? '^\\n' : `^${lineTerminators}`);
  }

  #caret(): string {
    if (!this.#flags.m) {
      return textStart;
    }
    const afterLineEnd = this.#flags.d ? '(?<=\\n)' : '(?<=[\\n\\u0085\\u2028\\u2029])|(?<=\\r)(?!\\n)';
    return `(?:${textStart}|${afterLineEnd})(?=[^])`;
  }

  #dollar(): string {
    if (!this.#flags.m) {
      return this.#flags.d ? beforeLastNewline : beforeLastLineEnd;
    }
    return this.#flags.d ? `(?:${textEnd}|(?=\\n))` : `(?:${textEnd}|(?=[\\r\\u0085\\u2028\\u2029])|(?<!\\r)(?=\\n))`;
  }

  #escape(): RegexNode {
    const reader = this.#reader;
    const index = reader.index - 1;
    const letter = reader.peekRaw();
    switch (letter) {
      case 'A':
      case 'B':
      case 'b':
      case 'Z':
      case 'z':
      case 'R':
        reader.nextRaw();
        return this.#specialEscape(letter, index);
      case 'G':
        throw reader.unsupported('\\G (the end of the last match) is not supported.', index);
      case 'X':
        throw reader.unsupported('\\X (a grapheme cluster) is not supported.', index);
      case 'k':
        reader.nextRaw();
        return this.#namedReference(index);
      default:
        if (/[1-9]/.test(letter)) {
          return this.#numberedReference(index);
        }
    }
    const escaped = parseEscape(reader, this.#flags);
    return escaped.type === 'codePoint'
      ? this.#literal(escaped.codePoint)
      : { type: 'character', set: escaped.set, ignoreCase: false };
  }

  #specialEscape(letter: 'A' | 'B' | 'b' | 'Z' | 'z' | 'R', index: number): RegexNode {
    if (letter === 'b' && this.#reader.peekRaw() === '{' && this.#reader.peekRaw(1) === 'g') {
      throw this.#reader.unsupported('\\b{g} (a grapheme boundary) is not supported.', index);
    }
    switch (letter) {
      case 'A':
        return { type: 'assertion', source: textStart };
      case 'z':
        return { type: 'assertion', source: textEnd };
      case 'Z':
        return { type: 'assertion', source: this.#flags.d ? beforeLastNewline : beforeLastLineEnd };
      case 'b':
        return { type: 'assertion', source: wordBoundary };
      case 'B':
        return { type: 'assertion', source: `(?!${wordBoundary})` };
      default:
        return lineBreak;
    }
  }

  #namedReference(position: number): RegexNode {
    const reader = this.#reader;
    if (reader.nextRaw() !== '<') {
      throw reader.syntaxError("\\k is not followed by '<' for named capturing group");
    }
    const name = this.#groupName();
    const index = this.#groupNames.get(name);
    if (index === undefined) {
      throw reader.syntaxError(`named capturing group <${name}> does not exist`);
    }
    return this.#reference(index, position);
  }

  /** Takes as many digits as still name a group that was opened before. */
  #numberedReference(position: number): RegexNode {
    const reader = this.#reader;
    let index = Number(reader.nextRaw());
    while (/^[0-9]$/.test(reader.peek()) && index * 10 + Number(reader.peek()) <= this.#groupCount) {
      index = index * 10 + Number(reader.next());
    }
    return this.#reference(index, position);
  }

  #reference(index: number, position: number): RegexNode {
    if (this.#flags.i) {
      throw this.#reader.unsupported('A back reference is not supported where case is ignored.', position);
    }
    return { type: 'backreference', index, position };
  }

  #groupName(): string {
    const reader = this.#reader;
    const name = reader.readWhile(/[a-zA-Z0-9]/);
    if (!/^[a-zA-Z]/.test(name)) {
      throw reader.syntaxError('capturing group name does not start with a Latin letter');
    }
    if (reader.nextRaw() !== '>') {
      throw reader.syntaxError("named capturing group is missing trailing '>'");
    }
    return name;
  }

  #group(): RegexNode | undefined {
    const reader = this.#reader;
    const position = reader.index;
    reader.next();
    if (reader.peekRaw() !== '?') {
      return this.#capture(++this.#groupCount);
    }
    reader.nextRaw();
    for (const [prefix, behind, negative] of looks) {
      if (reader.accept(prefix)) {
        return { type: 'look', behind, negative, body: this.#body(), position };
      }
    }
    if (reader.accept('>')) {
      return { type: 'atomic', body: this.#body(), position };
    }
    if (reader.accept(':')) {
      return this.#body();
    }
    if (reader.accept('<')) {
      return this.#namedCapture();
    }
    return this.#flagGroup();
  }

  #namedCapture(): RegexNode {
    const name = this.#groupName();
    if (this.#groupNames.has(name)) {
      throw this.#reader.syntaxError(`Named capturing group <${name}> is already defined`);
    }
    const index = ++this.#groupCount;
    this.#groupNames.set(name, index);
    return this.#capture(index);
  }

  #capture(index: number): RegexNode {
    return { type: 'capture', index, body: this.#body() };
  }

  /** `(?i)` up to the end of the group around it, or `(?i:…)`. */
  #flagGroup(): RegexNode | undefined {
    const reader = this.#reader;
    const outer = this.#flags;
    this.#setFlags(reader.readWhile(/[a-zA-Z]/), true);
    if (reader.peekRaw() === '-') {
      reader.nextRaw();
      this.#setFlags(reader.readWhile(/[a-zA-Z]/), false);
    }
    const closing = reader.nextRaw();
    if (closing === ')') {
      return undefined;
    }
    if (closing !== ':') {
      throw reader.syntaxError('Unknown inline modifier', reader.index - 1);
    }
    const body = this.#body();
    this.#restore(outer);
    return body;
  }

  #setFlags(letters: string, on: boolean): void {
    for (const letter of letters) {
      if (letter === 'U') {
        throw this.#reader.unsupported(
          'The flag U (Unicode classes) is not supported: use \\p{L}.',
          this.#reader.index,
        );
      }
      if (!Object.hasOwn(none, letter)) {
        throw this.#reader.syntaxError('Unknown inline modifier');
      }
      this.#flags = { ...this.#flags, [letter]: on };
    }
    this.#reader.comments = this.#flags.x;
  }

  #restore(flags: RegexFlags): void {
    this.#flags = flags;
    this.#reader.comments = flags.x;
  }

  /** The rest of a group, with its closing bracket; flags that are set in it end with it. */
  #body(): RegexNode {
    const reader = this.#reader;
    const flags = this.#flags;
    this.#depth++;
    if (this.#depth > deepestNesting) {
      throw reader.unsupported(`More than ${deepestNesting} nested groups are not supported.`, reader.index);
    }
    const body = this.#alternation();
    if (!reader.accept(')')) {
      throw reader.syntaxError('Unclosed group', reader.pattern.length);
    }
    this.#depth--;
    this.#restore(flags);
    return body;
  }

  #repeat(body: RegexNode, position: number): RegexNode {
    const counts = this.#counts();
    if (counts === undefined) {
      return body;
    }
    const [min, max] = counts;
    const mode: RepeatNode['mode'] = this.#reader.accept('?')
      ? 'lazy'
      : this.#reader.accept('+')
        ? 'possessive'
        : 'greedy';
    if (body.type === 'empty') {
      return body;
    }
    return { type: 'repeat', body, min, max, mode, position };
  }

  #counts(): [min: number, max: number] | undefined {
    const reader = this.#reader;
    if (reader.accept('*')) {
      return [0, Number.POSITIVE_INFINITY];
    }
    if (reader.accept('+')) {
      return [1, Number.POSITIVE_INFINITY];
    }
    if (reader.accept('?')) {
      return [0, 1];
    }
    if (!reader.accept('{')) {
      return undefined;
    }
    const minText = reader.readWhile(/[0-9]/);
    if (minText === '') {
      throw reader.syntaxError('Illegal repetition', reader.index - 1);
    }
    const min = Number(minText);
    let max = min;
    if (reader.peekRaw() === ',') {
      reader.nextRaw();
      const maxText = reader.readWhile(/[0-9]/);
      max = maxText === '' ? Number.POSITIVE_INFINITY : Number(maxText);
    }
    if (reader.nextRaw() !== '}') {
      throw reader.syntaxError('Unclosed counted closure');
    }
    if (max < min || min > largestCount || (max > largestCount && Number.isFinite(max))) {
      throw reader.syntaxError('Illegal repetition range');
    }
    return [min, max];
  }
}

const looks: readonly [prefix: string, behind: boolean, negative: boolean][] = [
  ['=', false, false],
  ['!', false, true],
  ['<=', true, false],
  ['<!', true, true],
];

/** `\R`: a carriage return and line feed together if possible. */
const lineBreak: RegexNode = {
  type: 'alternation',
  branches: [
    {
      type: 'sequence',
      items: [
        { type: 'character', set: charSet('\\r'), ignoreCase: false },
        { type: 'character', set: charSet('\\n'), ignoreCase: false },
      ],
    },
    { type: 'character', set: charSet('\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}'), ignoreCase: false },
  ],
};
