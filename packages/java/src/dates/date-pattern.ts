import { IllegalArgumentError } from '../errors.ts';

/** A run of one pattern letter. */
export interface PatternField {
  readonly letter: string;
  readonly count: number;
  /** Whether the next part is a number that begins right here, so that the count limits the digits that are read. */
  readonly abutting: boolean;
}

/** Text to be printed and read as it is, or a field. */
export type PatternPart = string | PatternField;

const letters = 'GyMdkHmsSEDFwWahKzZYuXL';
const numberLetters = 'ydkHmsSDFwWhKYu';

/** Splits a pattern of `SimpleDateFormat`; throws an {@link IllegalArgumentError} with Java's message. */
export function parseDatePattern(pattern: string): PatternPart[] {
  const parts: (string | { letter: string; count: number; abutting: boolean })[] = [];
  let literal = '';
  let quoted = false;
  const endLiteral = () => {
    if (literal !== '') {
      parts.push(literal);
      literal = '';
    }
  };
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    if (character === "'") {
      if (pattern[index + 1] === "'") {
        literal += "'";
        index++;
      } else {
        quoted = !quoted;
      }
    } else if (quoted || !/[a-zA-Z]/.test(character)) {
      literal += character;
    } else {
      if (!letters.includes(character)) {
        throw new IllegalArgumentError(`Illegal pattern character '${character}'`);
      }
      endLiteral();
      const start = index;
      while (pattern[index + 1] === character) {
        index++;
      }
      const count = index + 1 - start;
      if (character === 'X' && count > 3) {
        throw new IllegalArgumentError(`invalid ISO 8601 format: length=${count}`);
      }
      parts.push({ letter: character, count, abutting: false });
    }
  }
  if (quoted) {
    throw new IllegalArgumentError('Unterminated quote');
  }
  endLiteral();
  return parts.map((part, index) =>
    typeof part === 'string' ? part : { ...part, abutting: isNumber(parts[index + 1]) },
  );
}

function isNumber(part: PatternPart | undefined): boolean {
  if (part === undefined || typeof part === 'string') {
    return false;
  }
  return numberLetters.includes(part.letter) || ((part.letter === 'M' || part.letter === 'L') && part.count <= 2);
}
