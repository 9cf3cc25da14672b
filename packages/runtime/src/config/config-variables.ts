/** `${provider:path:key}` or `${provider:key}` in a value. */
export interface ConfigVariable {
  readonly provider: string;
  /** Empty where there is none. */
  readonly path: string;
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The variables of a value, as Java's `\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}` finds them; read by hand, because that
 * expression takes time without bound on a hostile text.
 */
export function variablesOf(value: string): readonly ConfigVariable[] {
  const variables: ConfigVariable[] = [];
  let start = value.indexOf('${');
  while (start >= 0) {
    const end = value.indexOf('}', start);
    if (end < 0) break;
    const variable = parseVariable(value, start, end);
    // Without a colon nothing that begins before this brace is a variable.
    if (variable !== undefined) variables.push(variable);
    start = value.indexOf('${', end);
  }
  return variables;
}

/** The value with what the variables stand for; those that stand for nothing stay as they are. */
export function replaceVariables(
  value: string,
  variables: readonly ConfigVariable[],
  lookUp: (variable: ConfigVariable) => string | undefined,
): string {
  let result = '';
  let position = 0;
  for (const variable of variables) {
    const found = lookUp(variable);
    if (found === undefined) continue;
    result += value.slice(position, variable.start) + found;
    position = variable.end;
  }
  return result + value.slice(position);
}

function parseVariable(value: string, start: number, brace: number): ConfigVariable | undefined {
  const inner = value.slice(start + 2, brace);
  const first = inner.indexOf(':');
  if (first < 0) return undefined;
  const second = inner.indexOf(':', first + 1);
  return {
    provider: inner.slice(0, first),
    path: second < 0 ? '' : inner.slice(first + 1, second),
    key: inner.slice((second < 0 ? first : second) + 1),
    start,
    end: brace + 1,
  };
}
