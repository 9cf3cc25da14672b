import { type CharSet, intersectionOf, literalSet, negationOf, rangeSet, unionOf } from './char-set.ts';
import { parseEscape } from './parse-escape.ts';
import type { PatternReader, RegexFlags } from './pattern-reader.ts';

/** Reads a character class behind its opening bracket: unions, ranges, nested classes and intersections. */
export function parseClass(reader: PatternReader, flags: RegexFlags): CharSet {
  const index = reader.index - 1;
  const negated = reader.peek() === '^';
  if (negated) {
    reader.next();
  }
  const set = parseUnion(reader, flags, index);
  reader.next();
  return negated ? negationOf(set) : set;
}

/** Reads up to the closing bracket, which it leaves. */
function parseUnion(reader: PatternReader, flags: RegexFlags, index: number): CharSet {
  let parts: CharSet[] = [];
  for (;;) {
    const character = reader.peek();
    if (character === '') {
      throw reader.syntaxError('Unclosed character class', reader.pattern.length - 1);
    }
    if (character === ']' && parts.length > 0) {
      return unionOf(parts);
    }
    if (character === '[') {
      reader.next();
      parts.push(parseClass(reader, flags));
    } else if (character === '&' && isIntersection(reader)) {
      const operand = parseOperand(reader, flags, index);
      parts = [parts.length === 0 ? operand : intersectionOf(unionOf(parts), operand)];
    } else {
      parts.push(parseRange(reader, flags));
    }
  }
}

function isIntersection(reader: PatternReader): boolean {
  const mark = reader.mark();
  reader.next();
  const isDouble = reader.peek() === '&';
  reader.reset(mark);
  return isDouble;
}

/** What follows `&&`. Java has answers of its own for odd forms, which nobody can mean: they are refused. */
function parseOperand(reader: PatternReader, flags: RegexFlags, index: number): CharSet {
  reader.next();
  reader.next();
  const operands: CharSet[] = [];
  while (reader.peek() === '[') {
    reader.next();
    operands.push(parseClass(reader, flags));
  }
  const following = reader.peek();
  if (operands.length > 0 && (following === ']' || following === '&')) {
    return unionOf(operands);
  }
  if (operands.length > 0 || following === ']' || following === '&') {
    throw reader.unsupported('This form of && is not supported: put each operand in brackets, [[…]&&[…]].', index);
  }
  return parseUnion(reader, flags, index);
}

function parseRange(reader: PatternReader, flags: RegexFlags): CharSet {
  const mode = { ascii: flags.i, unicode: flags.u };
  const first = parseMember(reader, flags);
  if (typeof first !== 'number') {
    return first;
  }
  if (reader.peek() !== '-') {
    return literalSet(first, mode);
  }
  const mark = reader.mark();
  reader.next();
  const following = reader.peek();
  if (following === '[' || following === ']') {
    reader.reset(mark);
    return literalSet(first, mode);
  }
  const last = parseMember(reader, flags);
  if (typeof last !== 'number' || last < first) {
    throw reader.syntaxError('Illegal character range');
  }
  return rangeSet(first, last, mode);
}

function parseMember(reader: PatternReader, flags: RegexFlags): number | CharSet {
  const character = reader.next();
  if (character !== '\\') {
    return character.codePointAt(0)!;
  }
  const index = reader.index;
  const escaped = parseEscape(reader, flags);
  if (escaped.type === 'codePoint') {
    return escaped.codePoint;
  }
  if (flags.i && flags.u && escaped.hasCase) {
    throw reader.unsupported('A predefined class inside of a class is not supported with (?iu).', index);
  }
  return escaped.set;
}
