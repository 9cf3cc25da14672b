export interface FormatPropertiesOptions {
  /** Write characters outside of printable ASCII as `\uXXXX`, as Java does for files in Latin-1. Default true. */
  readonly escapeUnicode?: boolean;
}

/** Writes entries as `Properties.store` does, without its comment with the date: `key=value`, one per line. */
export function formatProperties(
  properties: Iterable<readonly [string, string]>,
  options: FormatPropertiesOptions = {},
): string {
  const escapeUnicode = options.escapeUnicode ?? true;
  let text = '';
  for (const [key, value] of properties) {
    text += `${escapeText(key, true, escapeUnicode)}=${escapeText(value, false, escapeUnicode)}\n`;
  }
  return text;
}

const letters: Readonly<Record<string, string>> = { '\t': 't', '\n': 'n', '\r': 'r', '\f': 'f' };

function escapeText(text: string, everyBlank: boolean, escapeUnicode: boolean): string {
  const escaped = text.replace(everyBlank ? / |[\t\n\r\f\\=:#!]/g : /^ |[\t\n\r\f\\=:#!]/g, (character) => {
    return `\\${letters[character] ?? character}`;
  });
  return escapeUnicode
    ? escaped.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
    : escaped;
}
