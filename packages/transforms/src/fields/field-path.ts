import { ConfigError, type ConfigProblem } from '@millrace/api';

/** `V1`: the whole text is the name of one field. `V2`: names with dots between them. */
export type FieldSyntax = 'V1' | 'V2';

/** Where a field stands in a struct or in a plain object. */
export interface FieldPath {
  /** As the user wrote it. */
  readonly text: string;
  /** The names from the outermost struct to the field; one at least. */
  readonly steps: readonly string[];
}

/**
 * Reads a field path. In `V2`, a name that holds dots stands between backticks (`` `a.b`.c ``); a backtick that is
 * followed by a dot or by the end, and yet belongs to such a name, has a backslash in front of it.
 *
 * @throws ConfigError when the text is no path in that syntax.
 */
export function parseFieldPath(text: string, syntax: FieldSyntax): FieldPath {
  return { text, steps: syntax === 'V1' ? [text] : parseSteps(text) };
}

/** What is wrong with texts as field paths: a problem of the key for each. */
export function fieldPathProblems(key: string, texts: readonly string[], syntax: FieldSyntax): ConfigProblem[] {
  return texts.flatMap((text) => {
    try {
      parseFieldPath(text, syntax);
      return [];
    } catch (error) {
      return [{ key, message: `Invalid value ${text} for configuration ${key}: ${(error as Error).message}` }];
    }
  });
}

function parseSteps(text: string): readonly string[] {
  if (text === '') throw new ConfigError('A field path needs at least one name.');
  const steps: string[] = [];
  let start = 0;
  while (start < text.length) {
    if (text[start] === '`') {
      const { name, end } = quotedName(text, start);
      steps.push(name);
      start = end + 2;
    } else {
      const dot = text.indexOf('.', start);
      const end = dot < 0 ? text.length : dot;
      steps.push(text.slice(start, end));
      start = end + 1;
    }
  }
  if (text.endsWith('.')) steps.push('');
  return steps;
}

/** A name that begins with the backtick at `open`; `end` is its closing one, before a dot or at the end of the text. */
function quotedName(text: string, open: number): { readonly name: string; readonly end: number } {
  let name = '';
  let start = open + 1;
  for (let tick = text.indexOf('`', start); tick >= 0; tick = text.indexOf('`', tick + 1)) {
    const isLast = tick === text.length - 1;
    if (!isLast && text[tick + 1] !== '.') continue;
    const isEscaped = text[tick - 1] === '\\';
    if (!isEscaped) return { name: name + text.slice(start, tick), end: tick };
    if (isLast) break;
    name += `${text.slice(start, tick - 1)}\``;
    start = tick + 1;
  }
  throw new ConfigError(
    `Incomplete backtick pair in path: [${text}], consider adding a backslash before backtick at position ${open} to escape it`,
  );
}
