/** One rule of `response.http.headers.config`. */
export interface HeaderRule {
  readonly action: 'set' | 'add' | 'setDate' | 'addDate';
  readonly name: string;
  /** For dates: milliseconds from now. */
  readonly value: string;
}

const rule = /^\s*(set|add|setDate|addDate)\s+([^\s:]+)\s*:\s*(.*?)\s*$/;

/**
 * Reads `response.http.headers.config`: rules such as `set X-Frame-Options: DENY`, separated by commas; one that holds a comma
 * stands in quotes.
 *
 * @throws RangeError that names the rule that is none.
 */
export function parseHeaderRules(text: string): readonly HeaderRule[] {
  const parts = (text.match(/"[^"]*"|[^,"]+/g) ?? []).map((part) => part.replaceAll('"', '').trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const [, action, name, value] = rule.exec(part) ?? [];
      if (action === undefined || name === undefined || value === undefined || !isValid(action, name, value)) {
        throw new RangeError(
          `response.http.headers.config has '${part}', which is no rule: write set, add, setDate or addDate, a name, a colon and a value.`,
        );
      }
      return { action: action as HeaderRule['action'], name, value };
    });
}

/** The headers that the rules give, for one answer. */
export function headersOf(rules: readonly HeaderRule[], now: number): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, readonly string[]>();
  for (const { action, name, value } of rules) {
    const text = action.endsWith('Date') ? new Date(now + Number(value)).toUTCString() : value;
    headers.set(name, action.startsWith('add') ? [...(headers.get(name) ?? []), text] : [text]);
  }
  return headers;
}

function isValid(action: string, name: string, value: string): boolean {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) return false;
  return !action.endsWith('Date') || /^-?\d{1,14}$/.test(value);
}
