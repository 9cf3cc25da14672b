import { describe, expect, it } from 'vitest';
import { compileJavaRegex, type JavaRegex, RegexSyntaxError, RegexUnsupportedError } from '../../src/index.ts';
import { outcome, readVectors } from '../vectors.ts';

type MatchRow = [
  pattern: string,
  results: string | [text: string, groups: (string | null)[] | null, replaced: string][],
];
type ReplaceCases = [pattern: string, replacement: string, results: (string | [string])[]][];

describe('compileJavaRegex', () => {
  const rows = readVectors<MatchRow>('regex-match');

  it('matches and captures as java.util.regex does, or refuses the pattern', () => {
    const wrong: unknown[] = [];
    let accepted = 0;
    for (const [pattern, results] of rows) {
      const regex = typeof results === 'string' ? undefined : compileUnlessUnsupported(pattern);
      if (regex !== undefined && typeof results !== 'string') {
        accepted++;
        for (const [text, groups, replaced] of results) {
          const actual = JSON.stringify([matchGroups(regex, text), regex.replaceAll(text, '<$0>')]);
          const expected = JSON.stringify([groups, replaced]);
          if (actual !== expected && !splitsCharacter(replaced)) {
            wrong.push(JSON.stringify({ pattern, text, actual, expected }));
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(accepted).toBeGreaterThan(200);
  });

  it('refuses what Java refuses, and says the same', () => {
    const wrong = rows.flatMap(([pattern, description]) => {
      if (typeof description !== 'string') {
        return [];
      }
      const result = outcome(() => compileJavaRegex(pattern) && 'accepted');
      // Java finds a look-behind without limit before errors that stand behind it.
      return result[0]!.startsWith(description) || (description.startsWith('Look-behind') && result !== 'accepted')
        ? []
        : [[pattern, description, result]];
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['(a+)+', 0],
    ['x(a*)*', 1],
    ['(a|a)*b', 0],
    ['(a|ab|b)*c', 0],
    ['(\\w+\\s?)*', 0],
    ['(.*,)*', 0],
    ['(?:a?)+', 0],
    ['([a-z]+)*\\d', 0],
    ['(x+x+)+y', 0],
    ['(?i)(?:[a-z]|K)*1', 4],
    ['(?>(a+)+)b', 3],
    ['((a{1,30}){1,30})', 1],
  ])('refuses %s, which could block the thread', (pattern, index) => {
    expect(() => compileJavaRegex(pattern)).toThrow(RegexUnsupportedError);
    expect(() => compileJavaRegex(pattern)).toThrow(new RegExp(`at index ${index} `));
  });

  it.each([
    '.*',
    '(.*)-v\\d+',
    '^prefix[._-].+$',
    'my-topic-(?<n>[0-9]+)',
    '(.*)\\.(.*)\\.(.*)',
    '([a-z]+\\.)*[a-z]+',
    '(?:[^/]+/)*[^/]*',
    '(?:a++)+b',
    '(?>a+)+b',
    '(\\d{1,3}\\.){3}\\d{1,3}',
    '[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?',
    '(a|b|c)*',
    '(foo|bar|baz)+',
    '(?:db1|db2)\\.(?:t1|t2|t3)',
    '^(?!__).+',
  ])('accepts %s', (pattern) => {
    expect(compileJavaRegex(pattern).pattern).toBe(pattern);
  });

  it.each(['\\Ga', '\\X', '(?U)\\w', '(?i)(a)\\1', '(a)?\\1', '\\1(a)', '(?:(a)|b)\\1', '(?<=(a))b', '\\p{InLinearA}'])(
    'refuses %s by name and position, because its meaning could not be kept',
    (pattern) => {
      expect(() => compileJavaRegex(pattern)).toThrow(RegexUnsupportedError);
      expect(() => compileJavaRegex(pattern)).toThrow(/at index \d+ of/);
    },
  );

  it('takes flags apart from the pattern', () => {
    expect(compileJavaRegex('TOPIC.x', 'is').matches('topic\nX')).toBe(true);
    expect(compileJavaRegex('TOPIC.x').matches('topic\nX')).toBe(false);
  });

  it('refuses longer texts than it can search', () => {
    const regex = compileJavaRegex('a');
    expect(regex.find('x'.repeat(65_536))).toBe(false);
    const tooLong = 'x'.repeat(65_537);
    expect(() => regex.matches(tooLong)).toThrow(/65537 characters is too long/);
    expect(() => regex.find(tooLong)).toThrow(/too long/);
    expect(() => regex.groups(tooLong)).toThrow(/too long/);
    expect(() => regex.replaceAll(tooLong, '')).toThrow(/too long/);
  });

  it('refuses a replacement with a group that holds different texts in Java and here', () => {
    const regex = compileJavaRegex('(?:(a)|b)+');
    expect(regex.replaceAll('ab', 'x')).toBe('x');
    expect(() => regex.replaceAll('ab', '$1')).toThrow(/Group 1/);
  });

  it('words a syntax error as Java does', () => {
    expect(() => compileJavaRegex('(')).toThrow(new RegexSyntaxError('Unclosed group', '(', 1));
    expect(outcome(() => compileJavaRegex('('))).toEqual(['Unclosed group near index 1\n(']);
    expect(outcome(() => compileJavaRegex('a*+*'))).toEqual(["Dangling meta character '*' near index 3\na*+*\n   ^"]);
  });

  it('replaces as java.util.regex does, with the same errors', () => {
    const [texts, cases] = readVectors<string[]>('regex-replace') as unknown as [string[], ReplaceCases];
    const wrong = cases.flatMap(([pattern, replacement, expected]) => {
      const regex = compileJavaRegex(pattern);
      const actual = texts.flatMap((text) => [
        outcome(() => regex.replaceFirst(text, replacement)),
        outcome(() => regex.replaceAll(text, replacement)),
      ]);
      return actual.flatMap((result, index) =>
        JSON.stringify(result) === JSON.stringify(expected[index])
          ? []
          : [JSON.stringify([pattern, replacement, texts[index >> 1], result, expected[index]])],
      );
    });
    expect(wrong).toEqual([]);
  });
});

/** Java finds empty matches between the two halves of a character beyond 16 bits, and would split it. */
function splitsCharacter(replaced: string): boolean {
  return /[\ud800-\udbff]<>/.test(replaced);
}

function compileUnlessUnsupported(pattern: string): JavaRegex | undefined {
  try {
    return compileJavaRegex(pattern);
  } catch (error) {
    if (RegexUnsupportedError.isInstance(error)) {
      return undefined;
    }
    throw error;
  }
}

function matchGroups(regex: JavaRegex, text: string): (string | null)[] | null {
  return (
    regex
      .groups(text)
      ?.slice(1)
      .map((group) => group ?? null) ?? null
  );
}
