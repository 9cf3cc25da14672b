import { IllegalArgumentError, RegexUnsupportedError } from '../errors.ts';
import { checkBacktracking } from './check-backtracking.ts';
import { checkGroups } from './check-groups.ts';
import { emitRegex } from './emit-regex.ts';
import { parseRegex } from './parse-regex.ts';
import { parseReplacement, type ReplacementPart } from './replacement.ts';

/** Texts longer than this are refused, because nothing can interrupt the search in them. */
export const longestRegexInput: number = 65_536;

/** A compiled expression with the meaning it has in `java.util.regex`. */
export interface JavaRegex {
  readonly pattern: string;
  readonly groupCount: number;
  /** `Matcher.matches`: whether the whole text matches. */
  matches(text: string): boolean;
  /** The groups of a match of the whole text, the text itself first; undefined where it does not match. */
  groups(text: string): (string | undefined)[] | undefined;
  /** `Matcher.find`: whether some part of the text matches. */
  find(text: string): boolean;
  /** The same as `find`. */
  test(text: string): boolean;
  /** `Matcher.replaceFirst`, with Java's replacement syntax: `$1`, `${name}`, `\$`. */
  replaceFirst(text: string, replacement: string): string;
  /** `Matcher.replaceAll`. */
  replaceAll(text: string, replacement: string): string;
}

/**
 * Compiles an expression of Java. `flags` are letters of Java's inline flags (`imsxud`).
 *
 * Throws a `RegexSyntaxError` for what Java refuses too, and a `RegexUnsupportedError` for what has no safe equal in
 * JavaScript: it names the construct and its position. The methods throw an `IllegalArgumentError` for a text of more
 * than {@link longestRegexInput} characters.
 */
export function compileJavaRegex(pattern: string, flags: string = ''): JavaRegex {
  const parsed = parseRegex(pattern, flags);
  const uncertainGroups = checkGroups(parsed, pattern);
  checkBacktracking(parsed.root, pattern);
  const { source, groups } = emitRegex(parsed.root);
  const whole = compile(`^(?:${source})$`, '', pattern);
  const part = compile(source, '', pattern);
  const all = compile(source, 'g', pattern);

  let lastReplacement: string | undefined;
  let lastParts: readonly ReplacementPart[] = [];

  function partsOf(replacement: string): readonly ReplacementPart[] {
    if (replacement !== lastReplacement) {
      lastParts = parseReplacement(replacement, parsed.groupCount, parsed.groupNames).map((part) =>
        typeof part === 'number' ? jsGroup(part) : part,
      );
      lastReplacement = replacement;
    }
    return lastParts;
  }

  function jsGroup(group: number): number {
    if (uncertainGroups.has(group)) {
      throw new IllegalArgumentError(
        `Group ${group} of ${pattern} is inside of a repetition that can leave it out: what it holds then differs ` +
          'between Java and JavaScript, so it cannot be used in a replacement.',
      );
    }
    return groups[group]!;
  }

  function replace(expression: RegExp, text: string, replacement: string): string {
    checkLength(text, pattern);
    return text.replace(expression, (...match: (string | number | undefined)[]) => {
      if (match[0] === '' && isInsideCharacter(text, match[match.length - 2] as number)) {
        return '';
      }
      let result = '';
      for (const part of partsOf(replacement)) {
        result += typeof part === 'string' ? part : (match[part] ?? '');
      }
      return result;
    });
  }

  function find(text: string): boolean {
    checkLength(text, pattern);
    return part.test(text);
  }

  return {
    pattern,
    groupCount: parsed.groupCount,
    matches(text) {
      checkLength(text, pattern);
      return whole.test(text);
    },
    groups(text) {
      checkLength(text, pattern);
      const match = whole.exec(text);
      return match === null ? undefined : groups.map((group) => match[group]);
    },
    find,
    test: find,
    replaceFirst: (text, replacement) => replace(part, text, replacement),
    replaceAll: (text, replacement) => replace(all, text, replacement),
  };
}

function compile(source: string, flags: string, pattern: string): RegExp {
  try {
    return new RegExp(source, `v${flags}`);
  } catch (error) {
    throw new RegexUnsupportedError(`The expression ${pattern} cannot be run here: ${(error as Error).message}`, 0);
  }
}

/** V8 finds empty matches of some look-arounds between the two halves of a character beyond 16 bits. */
function isInsideCharacter(text: string, offset: number): boolean {
  return offset > 0 && text.codePointAt(offset - 1)! > 0xffff;
}

function checkLength(text: string, pattern: string): void {
  if (text.length > longestRegexInput) {
    throw new IllegalArgumentError(
      `A text of ${text.length} characters is too long for the expression ${pattern}: at most ${longestRegexInput} are searched.`,
    );
  }
}
