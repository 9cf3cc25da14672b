import { type CharSet, charSet, negationOf } from './char-set.ts';
import { propertySet } from './character-properties.ts';
import type { PatternReader, RegexFlags } from './pattern-reader.ts';

export type Escape =
  | { readonly type: 'codePoint'; readonly codePoint: number }
  /** `hasCase` where the set has letters, to which Java does not apply `(?iu)` and JavaScript would. */
  | { readonly type: 'set'; readonly set: CharSet; readonly hasCase: boolean };

const sets: Readonly<Record<string, string>> = {
  d: '0-9',
  h: ' \\t\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}',
  s: ' \\t\\n\\v\\f\\r',
  v: '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}',
  w: 'a-zA-Z_0-9',
};

const controls: Readonly<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };

/** Reads what follows a backslash and means one character, inside or outside of a class. */
export function parseEscape(reader: PatternReader, flags: RegexFlags): Escape {
  const index = reader.index - 1;
  const letter = reader.nextRaw();
  const lower = letter.toLowerCase();
  if (Object.hasOwn(controls, letter)) {
    return codePointEscape(controls[letter]!);
  }
  if (Object.hasOwn(sets, lower)) {
    const set = charSet(sets[lower]!);
    return { type: 'set', set: letter === lower ? set : negationOf(set), hasCase: lower === 'w' };
  }
  switch (letter) {
    case '':
      throw reader.syntaxError('Unexpected internal error', reader.pattern.length);
    case '0':
      return codePointEscape(parseOctal(reader));
    case 'x':
      return codePointEscape(parseHex(reader));
    case 'u':
      return codePointEscape(parseUnicode(reader));
    case 'c':
      return codePointEscape(parseControl(reader));
    case 'p':
    case 'P':
      return parseProperty(reader, flags, letter === 'P', index);
    case 'N':
      if (reader.peekRaw() !== '{') {
        throw reader.syntaxError('Illegal character name escape sequence');
      }
      throw reader.unsupported('Characters by name (\\N{…}) are not supported: use \\x{…}.', index);
    default:
      if (/[a-zA-Z]/.test(letter)) {
        throw reader.syntaxError('Illegal/unsupported escape sequence', index + 1);
      }
      return codePointEscape(letter.codePointAt(0)!);
  }
}

function codePointEscape(codePoint: number): Escape {
  return { type: 'codePoint', codePoint };
}

function parseOctal(reader: PatternReader): number {
  const first = reader.readWhile(/[0-7]/, 1);
  if (first === '') {
    throw reader.syntaxError('Illegal octal escape sequence');
  }
  return Number.parseInt(first + reader.readWhile(/[0-7]/, first <= '3' ? 2 : 1), 8);
}

function parseHex(reader: PatternReader): number {
  if (reader.peekRaw() !== '{') {
    const digits = reader.readWhile(/[0-9a-fA-F]/, 2);
    if (digits.length < 2) {
      throw reader.syntaxError('Illegal hexadecimal escape sequence');
    }
    return Number.parseInt(digits, 16);
  }
  reader.nextRaw();
  const digits = reader.readWhile(/[0-9a-fA-F]/);
  if (digits === '') {
    throw reader.syntaxError('Illegal hexadecimal escape sequence');
  }
  const codePoint = Number.parseInt(digits, 16);
  if (codePoint > 0x10ffff) {
    throw reader.syntaxError('Hexadecimal codepoint is too big');
  }
  if (reader.nextRaw() !== '}') {
    throw reader.syntaxError('Unclosed hexadecimal escape sequence');
  }
  return codePoint;
}

function parseUnicode(reader: PatternReader): number {
  const unit = parseCodeUnit(reader);
  const mark = reader.mark();
  if (unit >= 0xd800 && unit <= 0xdbff && reader.peekRaw() === '\\' && reader.peekRaw(1) === 'u') {
    reader.nextRaw();
    reader.nextRaw();
    const low = parseCodeUnit(reader);
    if (low >= 0xdc00 && low <= 0xdfff) {
      return (unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
    }
    reader.reset(mark);
  }
  return unit;
}

function parseCodeUnit(reader: PatternReader): number {
  const digits = reader.readWhile(/[0-9a-fA-F]/, 4);
  if (digits.length < 4) {
    throw reader.syntaxError('Illegal Unicode escape sequence');
  }
  return Number.parseInt(digits, 16);
}

function parseControl(reader: PatternReader): number {
  const character = reader.nextRaw();
  if (character === '') {
    throw reader.syntaxError('Illegal control escape sequence');
  }
  return character.codePointAt(0)! ^ 64;
}

function parseProperty(reader: PatternReader, flags: RegexFlags, negated: boolean, index: number): Escape {
  let name = reader.nextRaw();
  if (name === '{') {
    name = reader.readWhile(/[^}]/);
    if (reader.nextRaw() === '') {
      throw reader.syntaxError('Unclosed character family', reader.pattern.length - 1);
    }
    if (name === '') {
      throw reader.syntaxError('Empty character family');
    }
  }
  const set = propertySet(name, flags.i);
  if (set === undefined) {
    throw /^(?:In|blk=|block=|java)/.test(name)
      ? reader.unsupported(`The character class \\p{${name}} is not supported: list the characters.`, index)
      : reader.syntaxError(`Unknown character property name {${name}}`);
  }
  return { type: 'set', set: negated ? negationOf(set) : set, hasCase: true };
}
