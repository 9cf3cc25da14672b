/** Quotes, backslashes, control characters and surrogates: all but these ranges. */
const escaped = /[^ !#-[\]-\ud7ff\ue000-\uffff]/g;
const needsEscape = new RegExp(escaped.source);

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** Whether {@link jsonString} would do more than put quotes around the text. */
export function hasEscapes(text: string): boolean {
  return needsEscape.test(text);
}

/**
 * A string as Java writes it in JSON: surrogates, lone or in pairs, become escapes; `/` and DEL do not. The result has
 * no lone surrogates, so that it can be written as UTF-8 without loss.
 */
export function jsonString(text: string): string {
  return needsEscape.test(text) ? `"${text.replace(escaped, escapeOf)}"` : `"${text}"`;
}

function escapeOf(character: string): string {
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
