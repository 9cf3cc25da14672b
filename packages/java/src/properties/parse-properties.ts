import { IllegalArgumentError } from '../errors.ts';

/**
 * Reads the text of a Java properties file as `Properties.load` does: comments, continuation lines, the separators
 * `=`, `:` and blank, and escapes. Of equal keys the last one wins. A malformed `\uXXXX` throws an
 * {@link IllegalArgumentError} that names the line on which the entry begins.
 */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const { line, lineNumber } of logicalLines(text)) {
    const keyEnd = endOfKey(line);
    const key = unescapeText(line.slice(0, keyEnd), lineNumber);
    properties.set(key, unescapeText(line.slice(startOfValue(line, keyEnd)), lineNumber));
  }
  return properties;
}

/** Joins continued lines and leaves out blank lines and comments; other escapes stay as they are. */
function* logicalLines(text: string): Generator<{ line: string; lineNumber: number }> {
  let lineNumber = 0;
  let position = 0;
  while (position < text.length) {
    let end = endOfLine(text, position);
    let line = text.slice(skipBlanks(text, position), end);
    position = startOfNextLine(text, end);
    lineNumber++;
    const firstLineNumber = lineNumber;
    let isEntry = line !== '';
    while (!isComment(line) && endsInLoneBackslash(line)) {
      line = line.slice(0, -1);
      if (position >= text.length) {
        // The end right behind a backslash, or behind it and one line break character, makes an entry with an empty key.
        isEntry = line !== '' || position <= end + 1;
        break;
      }
      end = endOfLine(text, position);
      line += text.slice(skipBlanks(text, position), end);
      isEntry = line !== '';
      position = startOfNextLine(text, end);
      lineNumber++;
    }
    if (isEntry && !isComment(line)) {
      yield { line, lineNumber: firstLineNumber };
    }
  }
}

function isComment(line: string): boolean {
  return line.startsWith('#') || line.startsWith('!');
}

function endOfLine(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') {
    end++;
  }
  return end;
}

function startOfNextLine(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

function skipBlanks(text: string, start: number): number {
  let position = start;
  while (isBlank(text[position])) {
    position++;
  }
  return position;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\f';
}

function endsInLoneBackslash(line: string): boolean {
  let backslashes = 0;
  while (line[line.length - 1 - backslashes] === '\\') {
    backslashes++;
  }
  return backslashes % 2 === 1;
}

function endOfKey(line: string): number {
  for (let index = 0; index < line.length; index++) {
    const character = line[index];
    if (character === '\\') {
      index++;
    } else if (character === '=' || character === ':' || isBlank(character)) {
      return index;
    }
  }
  return line.length;
}

function startOfValue(line: string, keyEnd: number): number {
  const separator = skipBlanks(line, keyEnd);
  const isSeparator = line[separator] === '=' || line[separator] === ':';
  return isSeparator ? skipBlanks(line, separator + 1) : separator;
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescapeText(text: string, lineNumber: number): string {
  if (!text.includes('\\')) {
    return text;
  }
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(u)|(.?))/gs, (_, hex?: string, malformed?: string, plain = '') => {
    if (malformed !== undefined) {
      throw new IllegalArgumentError(
        `Malformed \\uxxxx encoding in the entry that begins on line ${lineNumber}: four hexadecimal digits must follow \\u.`,
      );
    }
    return hex === undefined ? (escapes[plain] ?? plain) : String.fromCharCode(Number.parseInt(hex, 16));
  });
}
